import type { Actor } from '@holdfast/forge';
import { askGit, GitError } from '@holdfast/git';
import type { FleetSurroundings } from '../surroundings.js';

/**
 * Who does what people do (opens, merges and closes requests, decides conflicts), as git would name them:
 * `GIT_AUTHOR_NAME` and `GIT_AUTHOR_EMAIL`, git's own `user.name` and `user.email`, `USER` and `EMAIL`.
 */
export async function readActor({
  cwd,
  environment,
  signal,
}: Pick<FleetSurroundings, 'cwd' | 'environment' | 'signal'>): Promise<Actor> {
  const { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email } = environment;
  if (name && email) return { name, email };
  const configured = await readIdentity({ cwd, environment, signal });
  return {
    name: name || configured.get('user.name') || environment['USER'] || 'holdfast',
    email: email || configured.get('user.email') || environment['EMAIL'] || 'holdfast@localhost',
  };
}

async function readIdentity(
  options: Parameters<typeof askGit>[1],
): Promise<ReadonlyMap<string, string>> {
  const words = ['config', '--null', '--get-regexp', '^user\\.(name|email)$'];
  const answer = await askGit(words, options).catch((error: unknown) => {
    if (error instanceof GitError) return undefined;
    throw error;
  });
  const records = answer?.exitCode === 0 ? answer.stdout.toString().split('\0') : [];
  return new Map(
    records.flatMap((record) => {
      const end = record.indexOf('\n');
      return end === -1 ? [] : [[record.slice(0, end), record.slice(end + 1).trim()] as const];
    }),
  );
}
