/** What kept the platform from answering, or what it answered. */
export type PlatformErrorCode =
  | 'unreachable'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'unprocessable'
  | 'bad-request'
  | 'rate-limited'
  | 'server-error'
  | 'bad-answer';

const HINTS: Readonly<Record<PlatformErrorCode, string>> = {
  unreachable: 'check the host and the network, or go on with --offline',
  forbidden:
    'check the key with entropy-data connection test, or add one with entropy-data connection add',
  'not-found': 'publish it first',
  conflict: 'disconnect the file there first: entropy-data … gitconnection delete',
  unprocessable: 'add a git credential on the platform, or name one as GIT_CREDENTIAL_EXTERNAL_ID',
  'bad-request': 'the platform did not understand the request; say so to its maintainers',
  'rate-limited': 'wait a minute, and run it again',
  'server-error': 'wait, and run it again, or go on with --offline',
  'bad-answer': 'check that the host is that of the API, or go on with --offline',
};

/** A request to the platform that failed. The message holds no key. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly code: PlatformErrorCode;
  /** Whose problem it is, for those who turn it into an exit code. */
  readonly blame = 'environment';
  /** The status of the answer; undefined where there was none. */
  readonly status: number | undefined;
  readonly hint: string;

  constructor(
    code: PlatformErrorCode,
    message: string,
    { status, hint, cause }: { status?: number; hint?: string; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    this.status = status;
    this.hint = hint ?? HINTS[code];
  }
}

/** The code of an HTTP status that is no success. */
export function codeOfStatus(status: number): PlatformErrorCode {
  switch (status) {
    case 400:
      return 'bad-request';
    case 401:
    case 403:
      return 'forbidden';
    case 404:
      return 'not-found';
    case 409:
      return 'conflict';
    case 422:
      return 'unprocessable';
    case 429:
      return 'rate-limited';
    default:
      return status >= 500 ? 'server-error' : 'bad-answer';
  }
}
