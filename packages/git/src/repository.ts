/** A git file mode: a file, an executable file, a symbolic link, or a submodule. */
export type FileMode = '100644' | '100755' | '120000' | '160000';

/** What lies at a path: the object's id, and its mode. */
export interface TreeEntry {
  readonly oid: string;
  readonly mode: FileMode;
}

/** One file, symbolic link or submodule of a snapshot; `path` is relative to the root, with `/`. */
export interface SnapshotEntry extends TreeEntry {
  readonly path: string;
}

/** The files of one commit. Content is read on demand, by id. */
export interface Snapshot {
  readonly commit: string;
  readonly tree: string;
  /** By path, in the order of git's tree. Odd modes such as 100664 appear as git normalises them. */
  readonly entries: ReadonlyMap<string, SnapshotEntry>;
  /** Paths that are not valid UTF-8, lossily decoded; they are in no other field. */
  readonly unreadable: readonly string[];
}

/** Who and when. `timestamp` is in seconds since 1970, `timezone` is like `+0200` (default `+0000`). */
export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly timestamp: number;
  readonly timezone?: string;
}

/** A commit. `message` is whole, with its final newline. */
export interface Commit {
  readonly oid: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

/** A ref by its full name. `peeled` is there for annotated tags: the object at the chain's end. */
export interface Ref {
  readonly name: string;
  readonly oid: string;
  readonly peeled?: string;
}

/** A tag that marks a commit. `oid` is what the ref holds: the tag object's id if it is annotated. */
export interface Release {
  readonly tag: string;
  readonly commit: string;
  readonly oid: string;
}

/** One path that differs between two trees; `old` and `new` are absent where the path is. */
export interface TreeDifference {
  readonly path: string;
  readonly kind: 'added' | 'modified' | 'removed';
  readonly old?: TreeEntry;
  readonly new?: TreeEntry;
}

/** One change of a tree: new bytes, an object that is there already, or a removal. */
export type TreeChange =
  | { readonly path: string; readonly mode: FileMode; readonly content: Uint8Array }
  | { readonly path: string; readonly mode: FileMode; readonly oid: string }
  | { readonly path: string; readonly remove: true };

/** A commit to write: the tree of `parent` (absent: the empty tree) with `changes`. */
export interface NewCommit {
  /** A commit's id or any revision. */
  readonly parent?: string;
  /** The commit's parents where they are others than `[parent]`, in order: a merge. */
  readonly parents?: readonly string[];
  readonly changes: readonly TreeChange[];
  /** A final newline is added where it is missing. */
  readonly message: string;
  readonly author: Signature;
  readonly committer: Signature;
}

/** What `writeCommit` wrote; an entry that the parent has already is not written again. */
export interface WrittenCommit {
  readonly commit: string;
  readonly tree: string;
  readonly written: { readonly blobs: number; readonly trees: number };
}

/** One ref to move: from `old` (null: it must not exist) to `new` (null: delete it). */
export interface RefUpdate {
  readonly ref: string;
  readonly old: string | null;
  readonly new: string | null;
}

/**
 * What came of a transaction over refs. `updated`: every ref now holds its `new`. `moved`: nothing
 * was changed, `ref` held `actual`. `checked-out`: nothing was changed, `ref` is checked out in a
 * work tree that cannot follow: it has changes, the ref was to be deleted, or `path` is a file there that
 * git does not track where a new one is to go.
 */
export type UpdateRefsOutcome =
  | { readonly kind: 'updated' }
  | {
      readonly kind: 'moved';
      readonly ref: string;
      readonly expected: string | null;
      readonly actual: string | null;
    }
  | {
      readonly kind: 'checked-out';
      readonly ref: string;
      readonly worktree: string;
      readonly path?: string;
    };

/** Commits reachable from `to` and not from `from`; with `paths`, those that touched them. */
export interface LogRange {
  readonly from?: string;
  readonly to: string;
  /** Files or folders, literal (no globs). */
  readonly paths?: readonly string[];
  /** At most so many, the newest. */
  readonly limit?: number;
}

/** Which implementation does the work. */
export type EngineKind = 'program' | 'embedded';

/**
 * An open repository. A *revision* is an object id, an abbreviation of one (4 digits or more), a
 * full ref name, a tag or branch name, or `HEAD`, each with `~N`, `^N` and `^{}` behind it; with the git
 * program also what only git reads (`main@{1}`, `:/words`, the output of `git describe`). Reads see what
 * the repository holds at that moment; a remote repository is read from its mirror, as fetched by
 * `openRepository`. Every function rejects with a `GitError`.
 */
export interface Repository {
  /** The location as it was given, without credentials. */
  readonly location: string;
  /** The git directory in use; of a remote repository, its local mirror. */
  readonly directory: string;
  readonly engine: EngineKind;
  readonly remote: boolean;
  readonly bare: boolean;
  /** The work tree's root, where there is one. */
  readonly worktree?: string;

  /** The commit that a revision names, tags peeled; undefined when it names none. */
  resolveCommit(revision: string): Promise<Commit | undefined>;
  /** The refs whose full names begin with `prefix`, by name. */
  listRefs(prefix: string): Promise<Ref[]>;
  /** The branch that `HEAD` names, without `refs/heads/`; undefined when it names none. */
  defaultBranch(): Promise<string | undefined>;
  /**
   * The tags that match a pattern of `git tag --list` (`*`, `?`, `[a-z]`) and mark a commit, newest
   * version first: by semantic version, whatever prefix the name bears; then the others, in natural
   * order.
   */
  listReleases(pattern: string): Promise<Release[]>;
  /** The files of a revision. */
  readSnapshot(commit: string): Promise<Snapshot>;
  /** A blob's bytes. Fails with `missing-object`, or `too-large` beyond the limit of the options. */
  readBlob(oid: string): Promise<Uint8Array>;
  /** Many blobs, in the order asked for, read ahead. */
  readBlobs(oids: Iterable<string>): AsyncIterable<{ oid: string; content: Uint8Array }>;
  /** Whether the repository has an object of that id. */
  hasObject(oid: string): Promise<boolean>;
  /**
   * Writes a commit and moves no ref. Only the trees on the changed paths are read and written; all
   * other entries stay byte for byte. Fails with `invalid-change` on paths that git or a file system
   * would refuse, duplicates, removals of what is not there and files in the place of folders.
   */
  writeCommit(commit: NewCommit): Promise<WrittenCommit>;
  /**
   * Moves refs, all or none, each only if it still holds `old`; a ref that holds `new` already counts
   * as moved. Of a remote repository this is one atomic push; a refusal by a hook or a protection is
   * the error `push-refused` with the remote's words.
   */
  updateRefs(
    updates: readonly RefUpdate[],
    options?: { readonly message?: string },
  ): Promise<UpdateRefsOutcome>;
  /** The history that `git log` shows, newest first. */
  log(range: LogRange): Promise<Commit[]>;
  /** A best common ancestor of two commits; undefined when they share none. */
  mergeBase(a: string, b: string): Promise<string | undefined>;
  /** Whether `ancestor` is reachable from `descendant`; a commit is its own ancestor. */
  isAncestor(ancestor: string, descendant: string): Promise<boolean>;
  /** The paths that differ between two commits or trees, by path; null is the empty tree. */
  diffTrees(from: string | null, to: string): Promise<TreeDifference[]>;
  /** Ends what the repository keeps open; calls after it fail. */
  close(): Promise<void>;
}
