import { execFile } from 'node:child_process';
import { GitError } from '../git-error.js';
import type { Environment } from './git-environment.js';

/** What `git` answered. */
export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Where git is asked, and with what around it. */
export interface AskOptions {
  readonly cwd: string;
  readonly environment: Environment;
  readonly signal?: AbortSignal;
}

/** Far more than the list of a million files. */
const MAX_OUTPUT = 512 * 1024 * 1024;

/**
 * Asks the git program about the work tree and index that a person works in, with that person's own
 * configuration, unlike {@link runGit}, which works on repositories behind their back. The environment is the caller's as it
 * is: inside a hook it names the index that is about to be committed (GIT_INDEX_FILE). Nothing that
 * the repository's configuration names is run.
 *
 * @throws GitError `git-missing` where there is no git program.
 */
export async function askGit(
  args: readonly string[],
  { cwd, environment, signal }: AskOptions,
): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    execFile(
      'git',
      ['--no-pager', '--literal-pathspecs', '-c', 'core.fsmonitor=false', ...args],
      {
        cwd,
        ...(signal ? { signal } : {}),
        encoding: 'buffer',
        maxBuffer: MAX_OUTPUT,
        env: { ...environment, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
      },
      (error, stdout, stderr) => {
        if (error === null) return resolve({ exitCode: 0, stdout, stderr: stderr.toString() });
        if (typeof error.code === 'number') {
          return resolve({ exitCode: error.code, stdout, stderr: stderr.toString() });
        }
        reject(error.code === 'ENOENT' ? gitMissing(error) : error);
      },
    );
  });
}

/** As {@link askGit}, for a command that has no reason to fail. */
export async function readGit(args: readonly string[], options: AskOptions): Promise<Buffer> {
  const { exitCode, stdout, stderr } = await askGit(args, options);
  if (exitCode === 0) return stdout;
  throw new GitError('git-failed', `git ${args[0]} failed: ${firstLine(stderr)}`, {
    hint: 'git status shows what is wrong with the repository',
  });
}

/** The first line of what git says, without its `fatal:`. */
export function firstLine(stderr: string): string {
  return (stderr.trim().split('\n', 1)[0] ?? '').replace(/^(?:fatal|error): /, '');
}

function gitMissing(cause: Error): GitError {
  return new GitError('git-missing', 'the git program is needed for this, and is not in PATH', {
    hint: 'install git, https://git-scm.com',
    cause,
  });
}
