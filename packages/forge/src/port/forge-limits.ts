/**
 * What a forge takes at most. Lengths are in UTF-16 units, which is never less than characters. Who
 * plans keeps to them, so that nothing is refused after the push.
 */
export interface ForgeLimits {
  /** The longest title. */
  readonly title: number;
  /** The longest body of a request, a comment or an issue. */
  readonly body: number;
  /** The longest name of one label. */
  readonly label: number;
  /** The most labels of one request. */
  readonly labels: number;
  /** The most reviewers of one request. */
  readonly reviewers: number;
}
