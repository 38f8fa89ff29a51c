import type { FileMode, TreeDifference, TreeEntry } from '../port/tree-difference.js';

/** One change of a tree: new bytes, an object that is there already, or a removal. */
export type TreeChange =
  | { readonly path: string; readonly mode: FileMode; readonly content: Uint8Array }
  | { readonly path: string; readonly mode: FileMode; readonly oid: string }
  | { readonly path: string; readonly remove: true };

/** Who and when, as a commit bears it. `timestamp` in seconds, `timezone` like `+0000`. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly timestamp: number;
  readonly timezone?: string;
}

/** A commit to write: the tree of `parent` (absent: the empty tree) with `changes`. */
export interface NewCommit {
  readonly parent?: string;
  /** The commit's parents where they are others than `[parent]`, in order. */
  readonly parents?: readonly string[];
  readonly changes: readonly TreeChange[];
  readonly message: string;
  readonly author: Signature;
  readonly committer: Signature;
}

/** One ref to move: from `old` (null: it must not exist) to `new` (null: delete it). */
export interface RefUpdate {
  readonly ref: string;
  readonly old: string | null;
  readonly new: string | null;
}

/** What came of a transaction over refs: all of them moved, or none. */
export type UpdateRefsOutcome =
  | { readonly kind: 'updated' }
  | {
      readonly kind: 'moved';
      readonly ref: string;
      readonly expected: string | null;
      readonly actual: string | null;
    }
  | { readonly kind: 'checked-out'; readonly ref: string; readonly worktree: string };

/**
 * What the embedded forge needs of a git repository; `Repository` of `@holdfast/git` satisfies it.
 * `writeCommit` moves no ref; `updateRefs` is all or nothing with compare-and-swap on each `old`.
 */
export interface ForgeRepository {
  /** How messages call the repository; without credentials. */
  readonly location: string;
  /** The commit's ids; undefined when the revision names nothing. */
  resolveCommit(
    revision: string,
  ): Promise<{ readonly oid: string; readonly tree: string } | undefined>;
  /** The refs whose names begin with the prefix. */
  listRefs(prefix: string): Promise<readonly { readonly name: string; readonly oid: string }[]>;
  /** Every file of a commit by path; content is read by id. */
  readSnapshot(commit: string): Promise<{
    readonly entries: ReadonlyMap<string, TreeEntry & { readonly path: string }>;
    /** Paths that are not valid UTF-8, lossily decoded. */
    readonly unreadable: readonly string[];
  }>;
  readBlobs(oids: Iterable<string>): AsyncIterable<{ oid: string; content: Uint8Array }>;
  writeCommit(commit: NewCommit): Promise<{ readonly commit: string; readonly tree: string }>;
  updateRefs(
    updates: readonly RefUpdate[],
    options?: { message?: string },
  ): Promise<UpdateRefsOutcome>;
  mergeBase(a: string, b: string): Promise<string | undefined>;
  isAncestor(ancestor: string, descendant: string): Promise<boolean>;
  /** The paths that differ between two commits; null is the empty tree. */
  diffTrees(from: string | null, to: string): Promise<readonly TreeDifference[]>;
}
