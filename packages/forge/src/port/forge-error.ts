/** What went wrong, for programs. */
export type ForgeErrorCode =
  /** A title, branch name, label, reviewer, key or other argument cannot be used. */
  | 'invalid-argument'
  /** No request has this id. */
  | 'unknown-request'
  /** The branch of a request to open does not exist. */
  | 'head-missing'
  /** The branch's tip is another commit than the caller gave it. */
  | 'head-moved'
  /** Every commit of the branch is in the base branch already. */
  | 'nothing-to-merge'
  /** The two branches have no commit in common. */
  | 'unrelated-histories'
  /** The branch to move is checked out in a work tree. */
  | 'checked-out'
  /** What the requests ref holds cannot be read as a request. */
  | 'damaged-request'
  /** A request was written by a newer version. */
  | 'newer-version'
  /** More than the embedded forge keeps: requests, comments, bytes. */
  | 'too-large'
  /** Others kept changing the requests for as many attempts as there are. */
  | 'contended'
  /** The forge does not take the token, or there is none. */
  | 'authentication'
  /** The token is good, and may not do this. */
  | 'forbidden'
  /** The forge asks to wait longer than a run does, or the run's own budget is used up. */
  | 'rate-limit'
  /** No answer: the network, a time limit, a server that is down. */
  | 'unreachable'
  /** An answer that is none: of another shape than the forge describes, cut off, too large. */
  | 'bad-answer'
  /** The repository is not there, or hidden from this token. */
  | 'unknown-repository'
  /** The repository is archived and takes no change. */
  | 'archived'
  /** The forge sends to another place, where the token does not follow. */
  | 'redirected'
  /** The forge understood, and declined. */
  | 'refused';

/** Whose problem an error is: the caller's input, the surroundings, the repository, or a defect here. */
export type Blame = 'input' | 'environment' | 'repository' | 'bug';

const blames: Record<ForgeErrorCode, Blame> = {
  'invalid-argument': 'input',
  'unknown-request': 'input',
  'head-missing': 'repository',
  'head-moved': 'repository',
  'nothing-to-merge': 'repository',
  'unrelated-histories': 'repository',
  'checked-out': 'environment',
  'damaged-request': 'repository',
  'newer-version': 'repository',
  'too-large': 'repository',
  contended: 'environment',
  authentication: 'environment',
  forbidden: 'environment',
  'rate-limit': 'environment',
  unreachable: 'environment',
  'bad-answer': 'environment',
  'unknown-repository': 'input',
  archived: 'repository',
  redirected: 'input',
  refused: 'repository',
};

/** What an error carries beside its message. */
export interface ForgeErrorDetails {
  /** What to do next, as a sentence for people. */
  readonly hint?: string;
  /** Places and values for programs: `ref`, `path`, `id`, `expected`, `actual`, … */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** A surprise on the way to a change request. Expected outcomes are values, not errors. */
export class ForgeError extends Error {
  override readonly name = 'ForgeError';
  readonly code: ForgeErrorCode;
  readonly blame: Blame;
  readonly hint?: string;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: ForgeErrorCode, message: string, details: ForgeErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.blame = blames[code];
    if (details.hint !== undefined) this.hint = details.hint;
    this.data = details.data ?? {};
  }
}
