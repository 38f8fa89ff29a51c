/**
 * What the engine needs from its surroundings, as small structural types. `@holdfast/git` and
 * `@holdfast/forge` satisfy them; the apps plug them together.
 */

/** A git file mode: a file, an executable file, a symbolic link, or a submodule. */
export type FileMode = '100644' | '100755' | '120000' | '160000';

/** What lies at a path: the id of the content, and its mode. */
export interface Entry {
  readonly oid: string;
  readonly mode: FileMode;
}

/** One entry of a snapshot. */
export interface SnapshotEntry extends Entry {
  readonly path: string;
}

/** The files of one commit; content is read on demand, by id. */
export interface Snapshot {
  readonly commit: string;
  readonly tree: string;
  readonly entries: ReadonlyMap<string, SnapshotEntry>;
  /** Paths whose names are not valid UTF-8; they are never delivered and never touched. */
  readonly unreadable: readonly string[];
}

/** A person and a moment, as a commit bears them. `timestamp` is in seconds, `timezone` like `+0000`. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly timestamp: number;
  readonly timezone?: string;
}

/** A commit, without its content. */
export interface Commit {
  readonly oid: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

/** A tag of the source that matches the configured pattern, and the commit that it marks. */
export interface Release {
  readonly tag: string;
  readonly commit: string;
}

/** One change of a tree: new bytes, an object that is there already, or a removal. */
export type TreeChange =
  | { readonly path: string; readonly mode: FileMode; readonly content: Uint8Array }
  | { readonly path: string; readonly mode: FileMode; readonly oid: string }
  | { readonly path: string; readonly remove: true };

/** One ref to move: from `old` (null: it must not exist) to `new` (null: delete it). */
export interface RefUpdate {
  readonly ref: string;
  readonly old: string | null;
  readonly new: string | null;
}

/** A repository that is read. */
export interface SourceRepository {
  resolveCommit(revision: string): Promise<Commit | undefined>;
  listReleases(pattern: string): Promise<readonly Release[]>;
  readSnapshot(commit: string): Promise<Snapshot>;
  readBlob(oid: string): Promise<Uint8Array>;
  readBlobs(oids: Iterable<string>): AsyncIterable<{ oid: string; content: Uint8Array }>;
  log(range: {
    from?: string;
    to: string;
    paths?: readonly string[];
    limit?: number;
  }): Promise<readonly Commit[]>;
  isAncestor(ancestor: string, descendant: string): Promise<boolean>;
  /** A best common ancestor of two commits; undefined when they share none. */
  mergeBase(a: string, b: string): Promise<string | undefined>;
  /** The branch that `HEAD` names. */
  defaultBranch(): Promise<string | undefined>;
}

/** A repository that is read, and written without a work tree. */
export interface TargetRepository extends SourceRepository {
  /** The refs whose full names begin so, among them those whose object is missing. */
  listRefs(prefix: string): Promise<readonly { name: string; oid: string }[]>;
  hasObject(oid: string): Promise<boolean>;
  writeCommit(commit: {
    parent?: string;
    changes: readonly TreeChange[];
    message: string;
    author: Signature;
    committer: Signature;
  }): Promise<{ commit: string; tree: string }>;
  updateRefs(
    updates: readonly RefUpdate[],
    options?: { message?: string },
  ): Promise<
    | { kind: 'updated' }
    | { kind: 'moved'; ref: string; expected: string | null; actual: string | null }
    | { kind: 'checked-out'; ref: string; worktree: string }
  >;
  diffTrees(
    from: string | null,
    to: string,
  ): Promise<readonly { path: string; old?: Entry; new?: Entry }[]>;
  close(): Promise<void>;
}

/** A change request, as far as the engine looks at it; its text is not read. */
export interface ChangeRequest {
  readonly id: string;
  readonly number: number;
  readonly url?: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly title: string;
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  readonly head: string;
  readonly base: string;
  readonly headCommit: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly autoMerge: boolean;
  readonly closeReason?: string;
}

/** What a forge takes at most: lengths in UTF-16 units, and how many of a thing. */
export interface ForgeLimits {
  readonly title: number;
  readonly body: number;
  readonly label: number;
  readonly labels: number;
  readonly reviewers: number;
}

/** The text and the marks of a change request, and the commit that they are about. */
export interface RequestText {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  readonly headCommit: string;
  readonly autoMerge: boolean;
  readonly mergeMethod: 'merge' | 'squash';
}

/** The issues of one repository; of the open ones at most one bears a key. */
export interface IssueTracker {
  /** The open issues whose key begins so. */
  listOpen(keyPrefix: string): Promise<readonly { readonly key?: string }[]>;
  /** Opens the issue, or edits the open one of its key. */
  report(issue: { key: string; title: string; body: string; labels?: readonly string[] }): Promise<{
    readonly kind: 'opened' | 'edited' | 'unchanged';
    readonly issue: { readonly number: number; readonly url?: string };
  }>;
  /** Closes the open issue of a key; false when there is none. */
  resolve(key: string, comment?: string): Promise<boolean>;
}

/** Where change requests live. */
export interface Forge {
  readonly kind: 'embedded' | 'github' | 'gitlab' | 'forgejo';
  readonly limits: ForgeLimits;
  /** The requests of exactly this branch, in all states, highest number first. */
  findByHead(head: string): Promise<readonly ChangeRequest[]>;
  /** The open requests whose branch begins so. */
  listOpen(headPrefix: string): Promise<readonly ChangeRequest[]>;
  open(
    request: RequestText & { head: string; base: string; lookedUp?: boolean },
  ): Promise<{ kind: 'opened' | 'existing'; request: ChangeRequest; notes?: readonly string[] }>;
  update(
    id: string,
    change: Partial<RequestText>,
  ): Promise<{ changed: boolean; request: ChangeRequest; notes?: readonly string[] }>;
  comment(id: string, comment: { body: string; key?: string }): Promise<unknown>;
  close(id: string, options?: { comment?: string; reason?: string }): Promise<unknown>;
  reopen(id: string): Promise<unknown>;
  /** Merges exactly the expected head; another one is an outcome. */
  merge(
    id: string,
    options: { method: 'merge' | 'squash'; expectedHead: string },
  ): Promise<{ kind: string; commit?: string }>;
  /** What the checks of a request say. */
  readiness(id: string): Promise<{ verdict: 'passed' | 'failed' | 'pending' | 'none' }>;
  readonly issues: IssueTracker;
}

/** The present, handed in. */
export type Clock = () => Date;

/** Structured logging, in pino's shape. */
export interface Logger {
  debug(data: object, message: string): void;
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
}

/** A target that was opened: its repository, its forge, and what the configuration says of it. */
export interface OpenTarget {
  readonly repository: TargetRepository;
  readonly forge: Forge;
}
