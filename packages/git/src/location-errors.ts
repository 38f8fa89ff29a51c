import { GitError } from './git-error.js';

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
