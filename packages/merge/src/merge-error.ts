/**
 * What a {@link MergeError} is about; contract. `invalid-argument`: what is to be merged or compared is not
 * of the shape it must have (`data.argument` says which). `invalid-option`: an option has no such value
 * (`data.option`). `script-mismatch`: a text does not hold what an edit removes (`data.line`, from 1).
 */
export type MergeErrorCode = 'invalid-argument' | 'invalid-option' | 'script-mismatch';

/** A call that cannot be carried out as it was made; what merges find are results, never errors. */
export class MergeError extends Error {
  override readonly name = 'MergeError';
  /** Stable, for programs to act on. */
  readonly code: MergeErrorCode;
  /** Whose problem it is: always the caller's. */
  readonly blame = 'input';
  /** What the message is about, as data: see {@link MergeErrorCode}. */
  readonly data: Record<string, unknown>;

  constructor(code: MergeErrorCode, message: string, data: Record<string, unknown> = {}) {
    super(message);
    this.code = code;
    this.data = data;
  }
}
