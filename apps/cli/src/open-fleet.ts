import { findTargetHere, withFleet as withOpenFleet } from '@holdfast/fleet';
import type { OpenFleet } from '@holdfast/fleet';
import { CliError } from './cli-error.js';
import type { CommandContext } from './command-result.js';
import { createLogger } from './create-logger.js';
import { renderMarkup } from './markup.js';
import { renderFinding } from './render/findings.js';

/** Opens the configured fleet of a command, hands it on, and closes it in any case. */
export async function withFleet<Result>(
  context: CommandContext,
  use: (fleet: OpenFleet) => Promise<Result>,
  { rulesRequired = true }: { readonly rulesRequired?: boolean } = {},
): Promise<Result> {
  const { surroundings, config, timeouts } = context;
  const work = withOpenFleet(
    {
      ...surroundings,
      rulesRequired,
      ...(config === undefined ? {} : { config }),
      ...(timeouts ? { timeouts } : {}),
      logger: createLogger(context),
      onWarnings(warnings) {
        const lines = warnings.map((warning) => `${renderFinding(warning)}\n`).join('');
        surroundings.stderr.write(renderMarkup(lines, { color: false }));
      },
    },
    use,
  );
  return await work.catch(async (error: unknown) => {
    if ((error as { code?: unknown }).code === 'no-configuration') await explainTarget(context);
    throw error;
  });
}

/** In a clone of a target: what needs the rules says so, and what works there. */
async function explainTarget({ config, surroundings: { cwd } }: CommandContext): Promise<void> {
  if (config !== undefined) return;
  const tree = await findTargetHere(cwd);
  if (!tree) return;
  throw new CliError(
    'bad-argument',
    `${tree.root} receives files; the rules are where they come from, and this needs them`,
    {
      hint: 'here work: status, drift, why PATH, validate, resolve PATH, override PATH, requests list|show|merge; else run it beside holdfast.yaml, or name that with --config',
    },
  );
}
