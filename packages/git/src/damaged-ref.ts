import { GitError } from './git-error.js';

/** The error for a ref whose file is there but holds neither an object id nor the name of a ref. */
export function damagedRef(ref: string): GitError {
  return new GitError('corrupt', `the ref ${ref} is damaged: it holds no object id`, {
    data: { ref },
    hint: `run "git fsck" in the repository; its reflog may know what ${ref} held`,
  });
}
