/** A row of the store. */
export interface StateEntry {
  readonly key: string;
  readonly value: string;
  /** When it was written last: ISO 8601, in UTC where this library wrote it. */
  readonly updatedAt: string;
}

/** A change of one row. */
export type StateOperation =
  | { readonly op: 'set'; readonly key: string; readonly value: string }
  | { readonly op: 'delete'; readonly key: string };

/**
 * An open store. Everything is synchronous: a query of its own rows takes microseconds. A store that is
 * locked by another process is waited for, `busyTimeout` at most.
 *
 * All of it throws `SkillSyncError` with one of the `store-…` codes.
 */
export interface Store {
  /** The path that it was opened by. */
  readonly file: string;
  /** The rows that match any of the patterns (all rows without patterns), by key in code point order. */
  list(patterns?: readonly string[]): StateEntry[];
  /** As `list`, one by one; write nothing to the store in between. */
  iterate(patterns?: readonly string[]): IterableIterator<StateEntry>;
  get(key: string): StateEntry | undefined;
  /** Writes a row, whether it is there or not. */
  set(key: string, value: string): StateEntry;
  /** Returns how many rows are gone. */
  delete(keys: readonly string[]): number;
  /** Deletes the rows that match any of the patterns; returns how many. */
  deleteMatching(patterns: readonly string[]): number;
  /** Writes rows with their own dates, all or none; returns how many. */
  importEntries(entries: Iterable<ImportedEntry>): number;
  /**
   * Runs a function in one transaction that holds the right to write from its start: what it reads
   * stays so until it has written. It throws: nothing is written.
   */
  transaction<Result>(body: () => Result): Result;
  /** Runs a function that sees one state of the store, whatever others write meanwhile. */
  snapshot<Result>(body: () => Result): Result;
  /** A number that changes when *another* connection, of any process, has written. */
  dataVersion(): number;
  close(): void;
}

/** A row to write; without a date it gets the present one. */
export interface ImportedEntry {
  readonly key: string;
  readonly value: string;
  readonly updatedAt?: string | undefined;
}
