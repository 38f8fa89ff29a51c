/** One call. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API's URL, with a leading slash; or an absolute URL of the same origin. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** Statuses besides 2xx that are values to the caller. */
  readonly expect?: readonly number[];
  /** Whether it may be made again when no answer came. Default: all but POST. */
  readonly repeatable?: boolean;
}
