import type {
  ChangeRequest,
  ChangeRequestDetails,
  Comment,
  ListedRequest,
  RequestReadiness,
  RequestState,
} from './change-request.js';
import type { ForgeLimits } from './forge-limits.js';
import type { ForgeRelease, IssueTracker } from './issue.js';
import type { TreeDifference } from './tree-difference.js';

/** The forges that there are. */
export type ForgeKind = 'embedded' | 'github' | 'gitlab' | 'forgejo';

/** The forges that are servers. */
export type ServerForgeKind = Exclude<ForgeKind, 'embedded'>;

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
  /** Names of people; a team is `org/team`. Who cannot review is left out, with a note. */
  readonly reviewers?: readonly string[];
  readonly assignees?: readonly string[];
  readonly draft?: boolean;
  readonly head: string;
  readonly base: string;
  readonly headCommit: string;
  /**
   * Let the forge merge `headCommit`, and nothing newer, once its own conditions are met. Where the
   * repository does not allow that, the request stays open, with a note.
   */
  readonly autoMerge?: boolean;
  /** How it is merged then. Default `merge`. */
  readonly mergeMethod?: MergeMethod;
  /** The caller has just asked `findByHead` for this branch: a server is not asked once more. */
  readonly lookedUp?: boolean;
}

/** What to change in a request; a field left out stays. */
export interface RequestChange {
  readonly title?: string;
  readonly body?: string;
  readonly labels?: readonly string[];
  readonly reviewers?: readonly string[];
  readonly assignees?: readonly string[];
  readonly draft?: boolean;
  /** The tip that the caller gave the branch; of no effect on a request that is not open. */
  readonly headCommit?: string;
  readonly autoMerge?: boolean;
  readonly mergeMethod?: MergeMethod;
}

/**
 * What could not be done as asked while the rest was: a reviewer left out, a merge by the forge that
 * the repository does not allow. For people.
 */
export type Note = string;

/** `existing`: an open request of the same head and base was there and is left as it is. */
export interface OpenOutcome {
  readonly kind: 'opened' | 'existing';
  readonly request: ChangeRequest;
  readonly notes?: readonly Note[];
}

/** `changed` is false when everything was so already: nothing was written. */
export interface UpdateOutcome {
  readonly changed: boolean;
  readonly request: ChangeRequest;
  readonly notes?: readonly Note[];
}

/**
 * A comment to post. Of those with the same `key` a request bears one: the next is an edit of it, and
 * no write at all when it says the same.
 */
export interface NewComment {
  readonly body: string;
  readonly key?: string;
}

/** `existing`: the comment of this key says exactly this; nothing was written. */
export interface CommentOutcome {
  readonly kind: 'posted' | 'edited' | 'existing';
  readonly comment: Comment;
}

/**
 * `merge`: a commit with two parents, always (never a fast-forward). `squash`: one commit with one
 * parent.
 */
export type MergeMethod = 'merge' | 'squash';

/** How to merge. */
export interface MergeOptions {
  readonly method: MergeMethod;
  /** The commit that was looked at. Another tip means that somebody pushed: nothing is merged. */
  readonly expectedHead: string;
  /** Delete the head branch with it. Default true. */
  readonly deleteBranch?: boolean;
}

/** What came of a merge. Only `merged` changed anything. */
export type MergeOutcome =
  | { readonly kind: 'merged'; readonly commit: string; readonly request: ChangeRequest }
  | { readonly kind: 'conflicted'; readonly paths: readonly string[] }
  /** The forge's own rules stand against it: a check, a review, a protected branch, a queue. */
  | { readonly kind: 'blocked'; readonly reason: string }
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
  readonly kind: ForgeKind;
  readonly limits: ForgeLimits;
  /** The requests of exactly this branch, in all states, highest number first. */
  findByHead(head: string): Promise<ListedRequest[]>;
  /** The open requests whose branch begins with the prefix (default: all), highest number first. */
  listOpen(headPrefix?: string): Promise<ListedRequest[]>;
  /**
   * All requests that pass the filter, highest number first. An array, because its callers decide
   * over the whole; an adapter pages inside and passes filters on to its server.
   */
  list(filter?: RequestFilter): Promise<ListedRequest[]>;
  /** One request with its conversation; undefined when there is none of that id. */
  get(id: string): Promise<ChangeRequestDetails | undefined>;
  open(request: NewRequest): Promise<OpenOutcome>;
  update(id: string, change: RequestChange): Promise<UpdateOutcome>;
  comment(id: string, comment: NewComment): Promise<CommentOutcome>;
  merge(id: string, options: MergeOptions): Promise<MergeOutcome>;
  close(id: string, options?: CloseOptions): Promise<CloseOutcome>;
  reopen(id: string): Promise<ReopenOutcome>;
  /** Whether a request can be merged now, and what its checks say. */
  readiness(id: string): Promise<RequestReadiness>;
  /**
   * What the request would bring: the differences, by ids, between the merge base of its two
   * branches and its head commit, sorted by path.
   */
  diff(id: string): Promise<TreeDifference[]>;
  readonly issues: IssueTracker;
  /** The releases that the forge shows, newest first. */
  listReleases(): Promise<ForgeRelease[]>;
}
