/** Where a change request stands. */
export type RequestState = 'open' | 'merged' | 'closed';

/**
 * A change request as every forge can list it: a proposal to bring the branch `head` into the
 * branch `base`. Times are ISO 8601 in UTC.
 */
export interface ChangeRequest {
  /** The forge's handle, what every other operation takes; on the embedded forge the number. */
  readonly id: string;
  /** The number that people see, counted from 1. */
  readonly number: number;
  /** The page of the request; absent where a forge has no pages. */
  readonly url?: string;
  readonly state: RequestState;
  /** One line. */
  readonly title: string;
  /** Markdown; at most the forge's `bodyLimit`. */
  readonly body: string;
  /** Sorted, without duplicates. */
  readonly labels: readonly string[];
  /** Sorted, without duplicates. */
  readonly reviewers: readonly string[];
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

/** A remark on a change request. */
export interface Comment {
  /** The forge's handle; on the embedded forge the place in the conversation, from 1. */
  readonly id: string;
  readonly author: string;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  /** Markdown; at most the forge's `bodyLimit`. */
  readonly body: string;
  /** The idempotency key that it was posted with. */
  readonly key?: string;
}

/** A change request with its conversation, oldest comment first. */
export interface ChangeRequestDetails extends ChangeRequest {
  readonly comments: readonly Comment[];
}
