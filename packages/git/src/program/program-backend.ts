import type { Backend } from '../backend.js';
import { GitError } from '../git-error.js';
import { findRepository } from './find-repository.js';
import type { Environment } from './git-environment.js';
import { createNimbleRemote } from './nimble-remote.js';
import { createProgramEngine } from './program-engine.js';
import { createProgramRemote } from './program-remote.js';
import { runGit } from './run-git.js';

/** The oldest git with all that is used here. */
const OLDEST = [2, 38] as const;

/**
 * The backend that runs git; `nimble`: that speaks to http(s) remotes in this process where it can. Fails
 * with `git-missing` where git is not installed or too old.
 */
export async function createProgramBackend(
  environment: Environment,
  { nimble }: { readonly nimble: boolean },
): Promise<Backend> {
  await checkOnce(environment);
  return {
    findRepository: (path) => findRepository(path, environment),
    createEngine: (repository, options) =>
      Promise.resolve(createProgramEngine({ ...repository, ...options, environment })),
    createRemote: (options) =>
      (nimble ? createNimbleRemote : createProgramRemote)({ ...options, environment }),
  };
}

/** The program does not change while a process opens repository after repository. */
const checked = new WeakMap<Environment, Promise<void>>();

function checkOnce(environment: Environment): Promise<void> {
  const known = checked.get(environment);
  if (known) return known;
  const checking = checkVersion(environment);
  checked.set(environment, checking);
  checking.catch(() => checked.delete(environment));
  return checking;
}

async function checkVersion(environment: Environment): Promise<void> {
  const { stdout } = await runGit(['version'], { environment });
  const [, major, minor] = /(\d+)\.(\d+)/.exec(stdout.toString()) ?? [];
  const isNewEnough =
    Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1]);
  if (isNewEnough) return;
  throw new GitError(
    'git-missing',
    `git ${OLDEST.join('.')} or newer is needed; got ${JSON.stringify(stdout.toString().trim())}`,
    { hint: 'install a newer git, or choose the embedded engine' },
  );
}
