/** What went wrong; part of the contract. */
export type TransformErrorCode = 'invalid-settings' | 'bug';

interface TransformErrorOptions {
  code: TransformErrorCode;
  data?: Record<string, unknown>;
  cause?: unknown;
  hint?: string;
}

/**
 * Settings that no pipeline can be made of (`invalid-settings`), or a mistake of this library (`bug`).
 * Whatever a *file* may contain is no error but a result: see `ApplyResult`.
 *
 * `data` of `invalid-settings` holds `keyPath`, the path of the offending value inside the settings
 * (`['transforms', 2, 'replace', 'pattern']`), so that a caller finds its place in the rule file.
 */
export class TransformError extends Error {
  override readonly name = 'TransformError';
  readonly code: TransformErrorCode;
  /** Whose problem it is. */
  readonly blame: 'input' | 'bug';
  readonly data: Record<string, unknown>;
  /** The next step, where there is an obvious one. */
  readonly hint: string | undefined;

  constructor(message: string, { code, data = {}, cause, hint }: TransformErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.blame = code === 'bug' ? 'bug' : 'input';
    this.data = data;
    this.hint = hint;
  }
}
