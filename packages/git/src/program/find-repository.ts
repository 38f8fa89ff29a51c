import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GitError } from '../git-error.js';
import type { Environment } from './git-environment.js';
import { describeFailure } from './git-failure.js';
import { runGit } from './run-git.js';

/** A local repository, found. */
export interface FoundRepository {
  readonly directory: string;
  readonly bare: boolean;
  readonly worktree?: string;
}

/**
 * Finds the repository whose root (or git directory) is at `path`; never one further up, so that a
 * wrong path does not lead into the repository around it. Git's check of the owner applies
 * (`safe.directory`).
 */
export async function findRepository(
  path: string,
  environment: Environment,
): Promise<FoundRepository> {
  const cwd = await realpath(path).catch((cause: unknown) => {
    throw notARepository(path, 'there is no such folder', cause);
  });
  const result = await runGit(
    ['rev-parse', '--absolute-git-dir', '--is-bare-repository', '--show-object-format'],
    { cwd, environment, variables: { GIT_CEILING_DIRECTORIES: dirname(cwd) } },
  );
  if (result.exitCode !== 0) {
    if (/not a git repository|Not a directory/.test(result.stderr)) {
      throw notARepository(path, 'git finds none there');
    }
    throw describeFailure(result, `opening ${path}`);
  }
  const [directory = '', bare, format] = result.stdout.toString().trimEnd().split('\n');
  if (format !== 'sha1') throw sha256Repository(path);
  if (bare === 'true' || directory === cwd) return { directory, bare: bare === 'true' };
  return { directory, bare: false, worktree: cwd };
}

/** The error for a place without a repository. */
export function notARepository(path: string, reason: string, cause?: unknown): GitError {
  return new GitError('not-a-repository', `${path} is not a git repository: ${reason}`, {
    data: { path },
    hint: 'give the root of a work tree, or a bare repository',
    cause,
  });
}

/** The error for a repository with ids of another kind. */
export function sha256Repository(path: string): GitError {
  return new GitError('sha256-repository', `${path} uses SHA-256 object ids; SHA-1 is supported`, {
    data: { path },
    hint: 'convert the repository, or use one with SHA-1 object ids',
  });
}
