import type { ChangeRequest, RequestReadiness } from '../port/change-request.js';
import type { MergeMethod, NewRequest, Note, ServerForgeKind } from '../port/forge.js';
import type { ForgeLimits } from '../port/forge-limits.js';
import type { ForgeRelease } from '../port/issue.js';

/** A request as a forge gives it: its body bears our marks. */
export type RemoteRequest = Omit<ChangeRequest, 'closeReason'>;

/** A comment as a forge gives it. */
export interface RemoteComment {
  readonly id: string;
  readonly author: string;
  readonly createdAt: string;
  readonly body: string;
}

/** An issue as a forge gives it. */
export interface RemoteIssue {
  readonly id: string;
  readonly number: number;
  readonly url?: string;
  readonly state: 'open' | 'closed';
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What to list. A forge that cannot filter gives more; the caller filters again. */
export interface RemoteFilter {
  readonly state: 'open' | 'all';
  readonly head?: string;
  readonly base?: string;
}

/** What came of asking a forge to create a request. */
export type CreateOutcome =
  | { readonly kind: 'created'; readonly request: RemoteRequest; readonly notes: readonly Note[] }
  | { readonly kind: 'exists' };

/** Fields to change; labels, reviewers and assignees are whole lists. */
export interface RemoteChange {
  readonly title?: string;
  readonly body?: string;
  readonly state?: 'open' | 'closed';
  readonly draft?: boolean;
  readonly labels?: readonly string[];
  readonly reviewers?: readonly string[];
  readonly assignees?: readonly string[];
}

/** What came of a change. */
export interface EditOutcome {
  /** What could not be set, and why. */
  readonly notes: readonly Note[];
  /** The request as it is now, where the answers said so. */
  readonly request?: RemoteRequest;
}

/** What came of asking a forge to merge. */
export type RemoteMerge =
  | { readonly kind: 'merged'; readonly commit?: string }
  /** The base branch has a merge queue, which it is in now, pinned to its head. */
  | { readonly kind: 'queued' }
  | { readonly kind: 'head-moved' }
  | { readonly kind: 'refused'; readonly reason: string };

/** What came of asking a forge to merge once its conditions are met. */
export type RemoteAutoMerge =
  | { readonly kind: 'enabled' }
  /** Its conditions are met: it did at once, or wants to be asked to. */
  | { readonly kind: 'merged' }
  | { readonly kind: 'mergeable-now' }
  | { readonly kind: 'refused'; readonly reason: string };

/** How to merge a request. */
export interface RemoteMergeOptions {
  readonly method: MergeMethod;
  readonly expectedHead: string;
  readonly deleteBranch: boolean;
}

/**
 * The calls of one forge about one repository: what differs between the forges, and nothing else.
 * Each is one exchange or as few as the forge allows; what they mean together is `createRemoteForge`.
 */
export interface RemoteApi {
  readonly kind: ServerForgeKind;
  readonly limits: ForgeLimits;
  /** Whether `RemoteRequest.autoMerge` is what the forge says, not a guess. */
  readonly tellsAutoMerge: boolean;
  /** For messages: host and path. */
  readonly location: string;
  list(filter: RemoteFilter): Promise<RemoteRequest[]>;
  read(id: string): Promise<RemoteRequest | undefined>;
  /** Whether a branch exists. */
  hasBranch(branch: string): Promise<boolean>;
  /** Deletes a branch; one that is not there is no error. */
  deleteBranch(branch: string): Promise<void>;
  /**
   * Creates a request; the forge refuses a second one of the same branches. What `edit` sets is left
   * out unless the forge takes it in the same call.
   */
  create(request: NewRequest): Promise<CreateOutcome>;
  /** Changes a request with as few calls as there are; what cannot be set comes as notes. */
  edit(request: RemoteRequest, change: RemoteChange): Promise<EditOutcome>;
  listComments(id: string): Promise<RemoteComment[]>;
  createComment(id: string, body: string): Promise<RemoteComment>;
  /** False when the comment may not be edited. */
  editComment(id: string, comment: string, body: string): Promise<boolean>;
  merge(request: RemoteRequest, options: RemoteMergeOptions): Promise<RemoteMerge>;
  enableAutoMerge(request: RemoteRequest, options: RemoteMergeOptions): Promise<RemoteAutoMerge>;
  /** False when there was nothing to take back. */
  disableAutoMerge(request: RemoteRequest): Promise<boolean>;
  readiness(request: RemoteRequest): Promise<Omit<RequestReadiness, 'headCommit'>>;
  listIssues(label: string): Promise<RemoteIssue[]>;
  createIssue(issue: {
    title: string;
    body: string;
    labels: readonly string[];
  }): Promise<RemoteIssue>;
  editIssue(
    id: string,
    change: { title?: string; body?: string; labels?: readonly string[]; state?: 'closed' },
  ): Promise<RemoteIssue>;
  commentIssue(id: string, body: string): Promise<void>;
  listReleases(): Promise<ForgeRelease[]>;
}
