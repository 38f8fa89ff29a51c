/** Where a change request stands. */
export type RequestState = 'open' | 'merged' | 'closed';

/**
 * A change request as lists show it, without its body: a proposal to bring the branch `head` into the
 * branch `base`. Times are ISO 8601 in UTC.
 */
export interface ListedRequest {
  /** The forge's handle, what every other operation takes; on the embedded forge the number. */
  readonly id: string;
  /** The number that people see, counted from 1. */
  readonly number: number;
  /** The page of the request; absent where a forge has no pages. */
  readonly url?: string;
  readonly state: RequestState;
  /** One line. */
  readonly title: string;
  /** Sorted, without duplicates. */
  readonly labels: readonly string[];
  /** Who is asked: names of people, and `org/team` for a team. Sorted, without duplicates. */
  readonly reviewers: readonly string[];
  /** Sorted, without duplicates; absent where there are none. */
  readonly assignees?: readonly string[];
  /** The branch that bears the change, without `refs/heads/`. */
  readonly head: string;
  /** The branch that shall receive it, without `refs/heads/`. */
  readonly base: string;
  /**
   * While the request is open: the actual tip of `head`, or the last one known when the branch is
   * gone. Afterwards: the commit that was merged or given up.
   */
  readonly headCommit: string;
  /** True when the branch `head` does not exist (any more). */
  readonly headGone: boolean;
  /** True while it is not meant to be merged yet; absent where it is. */
  readonly draft?: boolean;
  /** True when only members of the project may comment; absent otherwise. */
  readonly locked?: boolean;
  /** Whether the forge may merge it as soon as its own conditions are met. */
  readonly autoMerge: boolean;
  /** The name of who opened it. */
  readonly author: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** The commit on `base` that brought the change; absent when it was merged by hand. */
  readonly mergedCommit?: string;
  /** The name of who merged it through the forge. */
  readonly mergedBy?: string;
  /** The name of who closed it. */
  readonly closedBy?: string;
  /** Why it was closed, as the closer said it. */
  readonly closeReason?: string;
}

/** A change request with its text. */
export interface ChangeRequest extends ListedRequest {
  /** Markdown; at most the forge's `limits.body`. */
  readonly body: string;
}

/** A remark on a change request. */
export interface Comment {
  /** The forge's handle; on the embedded forge the place in the conversation, from 1. */
  readonly id: string;
  readonly author: string;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  /** Markdown; at most the forge's `limits.body`. */
  readonly body: string;
  /** The idempotency key that it was posted with. */
  readonly key?: string;
}

/** A change request with its conversation, oldest comment first. */
export interface ChangeRequestDetails extends ChangeRequest {
  readonly comments: readonly Comment[];
}

/** One check of a request's head commit. `pending` runs or waits; `neutral` counts as passed. */
export interface RequestCheck {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'pending' | 'neutral';
  readonly url?: string;
}

/**
 * Whether a request can be merged now. `blocked`: by rules of the forge, such as a review that is
 * missing; `reasons` says which, as far as the forge tells. `unknown`: the forge is still working it out.
 */
export interface RequestReadiness {
  readonly headCommit: string;
  readonly merge: 'ready' | 'conflicted' | 'blocked' | 'behind' | 'draft' | 'unknown' | 'not-open';
  readonly reasons: readonly string[];
  /** `none`: nothing checks this repository. */
  readonly verdict: 'passed' | 'failed' | 'pending' | 'none';
  readonly checks: readonly RequestCheck[];
}
