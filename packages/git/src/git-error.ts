/**
 * What failed; stable. `unsupported` is of the embedded engine alone, and its hint names the way out.
 */
export type GitErrorCode =
  | 'authentication'
  | 'closed'
  | 'corrupt'
  | 'disk-full'
  | 'empty-repository'
  | 'git-failed'
  | 'git-missing'
  | 'invalid-argument'
  | 'invalid-change'
  | 'invalid-location'
  | 'locked'
  | 'missing-object'
  | 'no-permission'
  | 'not-a-repository'
  | 'push-refused'
  | 'ref-conflict'
  | 'sha256-repository'
  | 'timeout'
  | 'too-large'
  | 'unknown-revision'
  | 'unreachable'
  | 'unsafe-repository'
  | 'unsupported';

/** Whose problem it is: what was asked for, the surroundings, the repository, or a bug here. */
export type Blame = 'input' | 'environment' | 'repository' | 'bug';

const blames: Record<GitErrorCode, Blame> = {
  authentication: 'environment',
  closed: 'bug',
  corrupt: 'repository',
  'disk-full': 'environment',
  'empty-repository': 'repository',
  'git-failed': 'environment',
  'git-missing': 'environment',
  'invalid-argument': 'input',
  'invalid-change': 'input',
  'invalid-location': 'input',
  locked: 'repository',
  'missing-object': 'repository',
  'no-permission': 'environment',
  'not-a-repository': 'repository',
  'push-refused': 'repository',
  'ref-conflict': 'repository',
  'sha256-repository': 'repository',
  timeout: 'environment',
  'too-large': 'repository',
  'unknown-revision': 'input',
  unreachable: 'environment',
  'unsafe-repository': 'environment',
  unsupported: 'environment',
};

/** Details of a `GitError`. */
export interface GitErrorDetails {
  /** The next step, for people. */
  readonly hint?: string;
  /** Typed by code: paths, refs, ids, the remote's words. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The one error of this package. `message` is for people and bears no credentials. */
export class GitError extends Error {
  override readonly name = 'GitError';
  readonly code: GitErrorCode;
  readonly blame: Blame;
  readonly data: Readonly<Record<string, unknown>>;
  readonly hint?: string;

  constructor(code: GitErrorCode, message: string, details: GitErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.blame = blames[code];
    this.data = details.data ?? {};
    if (details.hint !== undefined) this.hint = details.hint;
  }
}
