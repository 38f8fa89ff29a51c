/** A repository that a forge lists. */
export interface FoundRepository {
  /** `owner/name`; on GitLab with all groups. */
  readonly path: string;
  /** The URL to clone from, https. */
  readonly url: string;
  readonly defaultBranch?: string;
  readonly archived: boolean;
  readonly fork: boolean;
  /** Whether it has no commit, as far as the forge says. */
  readonly empty: boolean;
  /** Sorted. */
  readonly topics: readonly string[];
}

/** Where to look. */
export interface RepositoryQuery {
  /** The organisation, user or group. */
  readonly owner: string;
  /** On GitHub: only what this team sees. */
  readonly team?: string;
  readonly topic?: string;
}
