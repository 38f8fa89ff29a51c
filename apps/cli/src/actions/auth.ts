import { checkAuth, findTargets, readConfiguration } from '@holdfast/fleet';
import type { HostAuth } from '@holdfast/fleet';
import type { CommandContext, CommandResult } from '../command-result.js';
import { exitCodeOf, worst } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { renderAuth } from '../render/auth.js';

/** `holdfast auth check`: which login each host uses, what it may do, and what is missing. */
export async function checkLogins(context: CommandContext): Promise<CommandResult> {
  const { surroundings } = context;
  const { configuration } = await readConfiguration(surroundings.cwd, context.config, {
    rulesRequired: false,
    // What the forges listed last: whether they can be asked is the question.
    findTargets: (parsed, place) => findTargets(parsed, { ...place, ask: false }, surroundings),
  });
  const hosts = await checkAuth(configuration, surroundings);
  return {
    exitCode: worst(hosts.map(exitOf)),
    document: { hosts },
    text: () => renderAuth(hosts),
  };
}

function exitOf({ source, error, repositories }: HostAuth): ExitCode {
  if (error) return exitCodeOf(error);
  const bad = repositories.some(({ state }) => state === 'hidden' || state === 'read-only');
  return source.kind === 'none' || bad ? 1 : 0;
}
