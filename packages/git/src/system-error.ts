import { GitError, type GitErrorCode } from './git-error.js';
import { redact, redactValue } from './redact.js';

interface Meaning {
  readonly code: GitErrorCode;
  readonly words: string;
  readonly hint: string;
}

/** Names that lead nowhere stand in a repository's own files. */
const NO_PLACE: Meaning = {
  code: 'corrupt',
  words: 'a name in it leads to no place that there can be',
  hint: 'run "git fsck" in the repository, and look at the links and names in its git directory',
};

/** What the system's refusals mean for a person. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  ENOSPC: {
    code: 'disk-full',
    words: 'the disk is full',
    hint: 'free some space and run again: nothing was changed halfway',
  },
  EDQUOT: {
    code: 'disk-full',
    words: 'the quota of the disk is used up',
    hint: 'free some space or raise the quota, and run again: nothing was changed halfway',
  },
  EACCES: {
    code: 'no-permission',
    words: 'permission denied',
    hint: 'give the user that runs this the right to read and write there, or run as its owner',
  },
  EPERM: {
    code: 'no-permission',
    words: 'the operation is not permitted',
    hint: 'give the user that runs this the right to read and write there, or run as its owner',
  },
  EROFS: {
    code: 'no-permission',
    words: 'the file system is read-only',
    hint: 'mount it for writing, or use a copy elsewhere',
  },
  ELOOP: NO_PLACE,
  ENAMETOOLONG: NO_PLACE,
  ENOTDIR: NO_PLACE,
  EISDIR: NO_PLACE,
  EMFILE: {
    code: 'git-failed',
    words: 'this process has too many files open',
    hint: 'raise the limit (ulimit -n), or work on fewer repositories at once',
  },
};

/** The `GitError` for a refusal of the system; undefined for an error that is none. */
export function describeSystemError(error: unknown, doing: string): GitError | undefined {
  const { code, path } = error as NodeJS.ErrnoException;
  const hasNul = code === 'ERR_INVALID_ARG_VALUE' && /null bytes/.test(String(error));
  const meaning = hasNul ? NO_PLACE : typeof code === 'string' ? MEANINGS[code] : undefined;
  if (meaning === undefined || !(error instanceof Error)) return undefined;
  return new GitError(meaning.code, `${doing}: ${meaning.words}${path ? ` (${path})` : ''}`, {
    cause: error,
    data: { ...(path === undefined ? {} : { path }), errno: code },
    hint: meaning.hint,
  });
}

/** The same from git's own words, which end with those of the system. */
export function findSystemWords(stderr: string): Meaning | undefined {
  if (/No space left on device/i.test(stderr)) return MEANINGS['ENOSPC'];
  if (/Disk quota exceeded/i.test(stderr)) return MEANINGS['EDQUOT'];
  if (/Read-only file system/i.test(stderr)) return MEANINGS['EROFS'];
  if (/(?:unable to|insufficient|could not|cannot)[^\n]*permission/i.test(stderr))
    return MEANINGS['EACCES'];
  return undefined;
}

/** The error as it may leave this package: named, and without secrets in any of its parts. */
export function publicError(error: unknown, doing: string, secrets: Iterable<string>): unknown {
  const known = [...secrets];
  const named = error instanceof GitError ? error : describeSystemError(error, doing);
  if (named === undefined) return error;
  const message = redact(named.message, known);
  const data = redactValue(named.data, known) as Readonly<Record<string, unknown>>;
  const isClean =
    message === named.message &&
    JSON.stringify(data) === JSON.stringify(named.data) &&
    redact(String(named.cause ?? ''), known) === String(named.cause ?? '');
  if (isClean) return named;
  return new GitError(named.code, message, {
    data,
    ...(named.hint === undefined ? {} : { hint: redact(named.hint, known) }),
  });
}
