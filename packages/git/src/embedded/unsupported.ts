import { GitError } from '../git-error.js';

/** The error for what the embedded engine cannot do. */
export function unsupported(what: string): GitError {
  return new GitError('unsupported', `${what}: the embedded git engine cannot do that`, {
    hint: 'install the git program (2.38 or newer) and choose the engine "program" (HOLDFAST_GIT=program)',
  });
}
