import type { Finding } from '@holdfast/sync';

/** Stable codes of what is wrong with a configuration, its surroundings, or the files of a work tree. */
export type FleetErrorCode =
  | 'bad-argument'
  | 'bad-manifest'
  | 'busy'
  | 'forge-later'
  | 'hook-changed'
  | 'hook-elsewhere'
  | 'invalid-configuration'
  | 'live-failed'
  | 'no-configuration'
  | 'not-in-repository'
  | 'too-much'
  | 'webhook-failed';

/** What went wrong before or beside the engine's work; `blame` says whose problem it is. */
export class FleetError extends Error {
  override readonly name = 'FleetError';
  readonly code: FleetErrorCode;
  readonly blame: 'input' | 'environment' | 'repository';
  readonly hint?: string;
  /** What is wrong with the files that were read, each with its place. */
  readonly findings: readonly Finding[];

  constructor(
    code: FleetErrorCode,
    message: string,
    {
      blame = 'input',
      hint,
      findings = [],
      cause,
    }: {
      blame?: FleetError['blame'];
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
