import { GitError } from './git-error.js';

/** How much a repository or a remote may ask of this process; what is beyond is `too-large`. */
export interface Limits {
  /** Bytes of one file's content. Default 104,857,600 (100 MiB). */
  readonly blobBytes: number;
  /** Bytes of one tree, commit or tag object. Default 33,554,432 (32 MiB). */
  readonly objectBytes: number;
  /** Files of one snapshot, and paths of one comparison. Default 1,000,000. */
  readonly entries: number;
  /** Folders within folders. Default 2,048, which is git's own limit. */
  readonly depth: number;
  /** Refs that a repository or a remote has. Default 100,000. */
  readonly refs: number;
  /** Bytes that a remote sends in one exchange. Default 2,147,483,648 (2 GiB). */
  readonly answerBytes: number;
  /** Bytes of memory that one run of the git program holds, with its children. Default 2 GiB. */
  readonly memoryBytes: number;
}

/** How long an exchange with a remote may take, in milliseconds. */
export interface Timeouts {
  /** Until a connection stands. Default 30,000. The git program has no such limit but `idleMs`. */
  readonly connectMs: number;
  /** Without a sign of life, or at less than 1,000 bytes a second. Default 60,000. */
  readonly idleMs: number;
  /** For the whole exchange. Default 600,000. */
  readonly totalMs: number;
}

const MIB = 1024 * 1024;

const DEFAULT_LIMITS: Limits = {
  blobBytes: 100 * MIB,
  objectBytes: 32 * MIB,
  entries: 1_000_000,
  depth: 2_048,
  refs: 100_000,
  answerBytes: 2_048 * MIB,
  memoryBytes: 2_048 * MIB,
};

const DEFAULT_TIMEOUTS: Timeouts = { connectMs: 30_000, idleMs: 60_000, totalMs: 600_000 };

/** The limits in force: the given ones, else the defaults. Fails on what is no positive number. */
export function completeLimits(given: Partial<Limits> = {}): Limits {
  return complete('limits', given, DEFAULT_LIMITS);
}

/** As `completeLimits`, for the timeouts. */
export function completeTimeouts(given: Partial<Timeouts> = {}): Timeouts {
  return complete('timeouts', given, DEFAULT_TIMEOUTS);
}

/** The error for what is beyond a limit; `what` is a clause such as `tree … has 5 entries`. */
export function beyondLimit(
  limit: keyof Limits,
  what: string,
  allowed: number,
  data: Readonly<Record<string, unknown>> = {},
): GitError {
  return new GitError('too-large', `${what}; the limit is ${allowed}`, {
    data: { ...data, limit, allowed },
    hint: `if this is meant to be so, raise limits.${limit} (now ${allowed})`,
  });
}

function complete<T extends object>(name: string, given: Partial<T>, defaults: T): T {
  const all = { ...defaults, ...withoutUndefined(given) };
  for (const [key, value] of Object.entries(all)) {
    if (typeof value === 'number' && value > 0) continue;
    throw new GitError(
      'invalid-argument',
      `${name}.${key} must be a positive number; got ${JSON.stringify(value)}`,
    );
  }
  return all;
}

function withoutUndefined<T extends object>(given: Partial<T>): Partial<T> {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
