/** Whose problem an error is: the user's input, the surroundings, the repository, or a defect of ours. */
export type Blame = 'input' | 'environment' | 'repository' | 'bug';

/**
 * What went wrong:
 * - `invalid-glob`: a pattern that cannot be compiled, or that is built to cost too much.
 * - `not-selected`: a path that its rule's `source` pattern cannot have matched.
 * - `content-too-deep`: a manifest's data is nested deeper than what could be read again.
 */
export type ManifestErrorCode = 'invalid-glob' | 'not-selected' | 'content-too-deep';

/** What the functions of this package throw for input that no parser has let through. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  readonly code: ManifestErrorCode;
  readonly blame: Blame;
  readonly data: Readonly<Record<string, unknown>>;
  /** What to do next, where there is something to do. */
  readonly hint?: string;

  constructor(
    code: ManifestErrorCode,
    message: string,
    options: { blame: Blame; data?: Record<string, unknown>; hint?: string; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.blame = options.blame;
    this.data = options.data ?? {};
    if (options.hint !== undefined) this.hint = options.hint;
  }
}
