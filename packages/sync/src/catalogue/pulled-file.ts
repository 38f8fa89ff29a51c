/** What a pull does to one file. */
export type PullOutcome =
  /** New here. */
  | 'added'
  /** The source changed it, nobody here did. */
  | 'updated'
  /** Both sides changed it; merged. */
  | 'merged'
  /** Someone must decide: it holds markers, or one side deleted what the other changed. */
  | 'conflicted'
  /** Markers of an earlier conflict are still there; left alone. */
  | 'unresolved'
  /** Withdrawn by the source, unchanged here: removed. */
  | 'removed'
  /** Changed here alone; stays, and push brings it back. */
  | 'edited'
  /** Deleted here alone; stays deleted, and push brings that back. */
  | 'deleted'
  /** Deleted here, and brought back as `--full` asks. */
  | 'restored'
  | 'unchanged';

/** One file of a pull. */
export interface PulledFile {
  readonly path: string;
  readonly outcome: PullOutcome;
  /** Lines of conflict markers, 1-based, both ends included. */
  readonly conflicts?: readonly { readonly start: number; readonly end: number }[];
  /** Why someone must decide, where there are no lines to mark. */
  readonly reason?: string;
}
