/** What went wrong, for programs. */
export type CatalogErrorCode =
  /** There is no such file, and something needs it. */
  | 'missing'
  /** A file cannot be read as what it should be. */
  | 'damaged'
  /** A newer version wrote a file. */
  | 'newer-version'
  /** Somebody else is writing. */
  | 'locked'
  /** A file, or what is to be written, is beyond a limit. */
  | 'too-large'
  /** The disk refuses. */
  | 'unwritable';

/** Whose problem an error is: the caller's input, or the surroundings. */
export type CatalogBlame = 'input' | 'environment';

const blames: Record<CatalogErrorCode, CatalogBlame> = {
  missing: 'input',
  damaged: 'input',
  'newer-version': 'input',
  locked: 'environment',
  'too-large': 'input',
  unwritable: 'environment',
};

/** A surprise with the files of a catalog. What comparisons find are results, never errors. */
export class CatalogError extends Error {
  override readonly name = 'CatalogError';
  readonly code: CatalogErrorCode;
  readonly blame: CatalogBlame;
  /** What to do next, as a sentence for people. */
  readonly hint?: string;
  /** The file. */
  readonly path: string;

  constructor(
    code: CatalogErrorCode,
    path: string,
    message: string,
    details: { readonly hint?: string; readonly cause?: unknown } = {},
  ) {
    super(`${path}: ${message}`, details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.blame = blames[code];
    this.path = path;
    if (details.hint !== undefined) this.hint = details.hint;
  }
}
