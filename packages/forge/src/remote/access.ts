/** Who a token is, and what it may do on a whole host. */
export interface HostAccess {
  /** The name of the person, project or App; absent where the token does not say. */
  readonly identity?: string;
  /** What the token was given, as far as the forge tells. */
  readonly scopes?: readonly string[];
  /** ISO 8601; absent where it does not expire or the forge does not tell. */
  readonly expiresAt?: string;
  /** What is missing, and for what; empty when nothing is known to be. */
  readonly missing: readonly string[];
}

/** What a token may do in one repository. */
export interface RepositoryAccess {
  readonly path: string;
  readonly state: 'ready' | 'read-only' | 'archived' | 'hidden';
  /** What is missing, and for what. */
  readonly missing: readonly string[];
}
