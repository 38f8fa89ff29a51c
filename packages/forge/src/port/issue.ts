/** An issue: what a repository's owners are told outside a change request. */
export interface Issue {
  readonly id: string;
  readonly number: number;
  readonly url?: string;
  readonly state: 'open' | 'closed';
  readonly title: string;
  readonly body: string;
  /** Sorted, without duplicates. */
  readonly labels: readonly string[];
  /** The idempotency key that it was opened with. */
  readonly key?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** An issue to have open. At most one open issue bears a key: the next with it edits that one. */
export interface NewIssue {
  readonly key: string;
  readonly title: string;
  readonly body: string;
  readonly labels?: readonly string[];
}

/** `unchanged`: the open issue of this key says exactly this; nothing was written. */
export interface IssueOutcome {
  readonly kind: 'opened' | 'edited' | 'unchanged';
  readonly issue: Issue;
}

/** The issues of one repository that were opened with keys. */
export interface IssueTracker {
  /** The open issues that bear a key beginning so, oldest first. */
  listOpen(keyPrefix?: string): Promise<Issue[]>;
  /** Opens the issue, or edits the open one of its key. */
  report(issue: NewIssue): Promise<IssueOutcome>;
  /** Closes the open issue of a key, with a comment; false when there is none. */
  resolve(key: string, comment?: string): Promise<boolean>;
}

/** A release as a forge shows it; drafts are left out. */
export interface ForgeRelease {
  readonly tag: string;
  readonly name: string;
  /** Markdown; empty where nothing was written. */
  readonly notes: string;
  readonly prerelease: boolean;
  /** ISO 8601 in UTC; absent where the forge does not say. */
  readonly publishedAt?: string;
  readonly url?: string;
}
