import type { Finding } from '@holdfast/sync';

/** Stable codes of what the command line itself finds wrong. */
export type CliErrorCode =
  | 'bad-argument'
  | 'file-exists'
  | 'file-missing'
  | 'interrupted'
  | 'no-request'
  | 'no-skill'
  | 'not-in-repository'
  | 'platform-failed'
  | 'request-refused'
  | 'too-much'
  | 'unwritable';

/** What went wrong before or beside the engine's work; `blame` says whose problem it is. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  readonly blame: 'input' | 'environment' | 'repository';
  readonly hint?: string;
  /** What is wrong with the files that were read, each with its place. */
  readonly findings: readonly Finding[];

  constructor(
    code: CliErrorCode,
    message: string,
    {
      blame = 'input',
      hint,
      findings = [],
      cause,
    }: {
      blame?: CliError['blame'];
      hint?: string;
      findings?: readonly Finding[];
      cause?: unknown;
    } = {},
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    this.blame = blame;
    if (hint !== undefined) this.hint = hint;
    this.findings = findings;
  }
}
