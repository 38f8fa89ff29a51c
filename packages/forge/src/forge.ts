import type {
  ChangeRequest,
  ChangeRequestDetails,
  Comment,
  RequestState,
} from './change-request.js';
import type { TreeDifference } from './repository-port.js';

/** What `list` keeps; every condition given must hold. */
export interface RequestFilter {
  readonly state?: RequestState;
  readonly head?: string;
  readonly headPrefix?: string;
  readonly base?: string;
  /** Labels that a request must all bear. */
  readonly labels?: readonly string[];
}

/** A change request to open. `headCommit` is the tip that the caller gave the branch `head`. */
export interface NewRequest {
  readonly title: string;
  readonly body: string;
  readonly labels?: readonly string[];
  readonly reviewers?: readonly string[];
  readonly head: string;
  readonly base: string;
  readonly headCommit: string;
  readonly autoMerge?: boolean;
}

/** What to change in a request; a field left out stays. */
export interface RequestChange {
  readonly title?: string;
  readonly body?: string;
  readonly labels?: readonly string[];
  readonly reviewers?: readonly string[];
  /** The tip that the caller gave the branch; of no effect on a request that is not open. */
  readonly headCommit?: string;
  readonly autoMerge?: boolean;
}

/** `existing`: an open request of the same head and base was there and is left as it is. */
export interface OpenOutcome {
  readonly kind: 'opened' | 'existing';
  readonly request: ChangeRequest;
}

/** `changed` is false when everything was so already: nothing was written. */
export interface UpdateOutcome {
  readonly changed: boolean;
  readonly request: ChangeRequest;
}

/** A comment to post. One that bears a `key` is posted once per request and key. */
export interface NewComment {
  readonly body: string;
  readonly key?: string;
}

/** `existing`: the key was used before; the comment of then is returned, nothing was written. */
export interface CommentOutcome {
  readonly kind: 'posted' | 'existing';
  readonly comment: Comment;
}

/** How to merge. */
export interface MergeOptions {
  /**
   * `merge`: a commit with two parents, always (never a fast-forward). `squash`: one commit with
   * one parent.
   */
  readonly method: 'merge' | 'squash';
  /** Refuse when the branch's tip is another commit: somebody pushed after it was looked at. */
  readonly expectedHead?: string;
  /** Delete the head branch in the same transaction. Default true. */
  readonly deleteBranch?: boolean;
}

/** What came of a merge. Only `merged` changed anything. */
export type MergeOutcome =
  | { readonly kind: 'merged'; readonly commit: string; readonly request: ChangeRequest }
  | { readonly kind: 'conflicted'; readonly paths: readonly string[] }
  | { readonly kind: 'not-open'; readonly state: RequestState; readonly request: ChangeRequest }
  | { readonly kind: 'head-moved'; readonly expected: string; readonly actual: string }
  | { readonly kind: 'head-gone'; readonly branch: string };

/** How to close. */
export interface CloseOptions {
  /** A comment to post with it. */
  readonly comment?: string;
  /** A few words for machines and people, kept as `closeReason`. */
  readonly reason?: string;
}

/** What came of closing; `not-open`: it was closed or merged before, nothing was written. */
export type CloseOutcome =
  | { readonly kind: 'closed'; readonly request: ChangeRequest }
  | { readonly kind: 'not-open'; readonly state: RequestState; readonly request: ChangeRequest };

/**
 * What came of reopening. `duplicate`: another open request has the same head and base. Only
 * `reopened` changed anything.
 */
export type ReopenOutcome =
  | { readonly kind: 'reopened'; readonly request: ChangeRequest }
  | { readonly kind: 'already-open'; readonly request: ChangeRequest }
  | { readonly kind: 'merged'; readonly request: ChangeRequest }
  | { readonly kind: 'head-gone'; readonly branch: string }
  | { readonly kind: 'duplicate'; readonly request: ChangeRequest };

/**
 * Where change requests live: the port that every forge satisfies. An id that names no request is
 * a `ForgeError` with the code `unknown-request`, except in `get`.
 */
export interface Forge {
  readonly kind: 'embedded' | 'github' | 'gitlab';
  /** The longest body of a request or comment, in UTF-16 units; a longer one is cut by `fitBody`. */
  readonly bodyLimit: number;
  /**
   * All requests that pass the filter, highest number first. An array, because its callers decide
   * over the whole; an adapter pages inside and passes filters on to its server.
   */
  list(filter?: RequestFilter): Promise<ChangeRequest[]>;
  /** One request with its conversation; undefined when there is none of that id. */
  get(id: string): Promise<ChangeRequestDetails | undefined>;
  open(request: NewRequest): Promise<OpenOutcome>;
  update(id: string, change: RequestChange): Promise<UpdateOutcome>;
  comment(id: string, comment: NewComment): Promise<CommentOutcome>;
  merge(id: string, options: MergeOptions): Promise<MergeOutcome>;
  close(id: string, options?: CloseOptions): Promise<CloseOutcome>;
  reopen(id: string): Promise<ReopenOutcome>;
  /**
   * What the request would bring: the differences, by ids, between the merge base of its two
   * branches and its head commit, sorted by path.
   */
  diff(id: string): Promise<TreeDifference[]>;
}
