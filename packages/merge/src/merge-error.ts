/** What a {@link MergeError} is about; contract. */
export type MergeErrorCode = 'invalid-option' | 'script-mismatch';

/** A call that cannot be carried out as it was made; what merges find are results, never errors. */
export class MergeError extends Error {
  override readonly name = 'MergeError';
  readonly code: MergeErrorCode;
  readonly blame = 'input';
  readonly data: Record<string, unknown>;

  constructor(code: MergeErrorCode, message: string, data: Record<string, unknown> = {}) {
    super(message);
    this.code = code;
    this.data = data;
  }
}
