/** What went wrong at the worker's own doors; `code` is stable. */
export type WorkerErrorCode =
  'bad-argument' | 'bad-configuration' | 'data-in-use' | 'newer-schema' | 'database-unreachable';

/** An error of the worker itself; what goes wrong in a run is an outcome of that run. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError';
  readonly code: WorkerErrorCode;
  /** What to do next. */
  readonly hint: string | undefined;

  constructor(
    code: WorkerErrorCode,
    message: string,
    { hint, cause }: { readonly hint?: string; readonly cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.hint = hint;
  }
}
