/** Why what a proxy serves differs from what was intended. */
export type GapCauseKind =
  /** An override or aggregation hides the tool. */
  | 'hidden'
  /** An override switches the tool or its server off. */
  | 'disabled'
  /** The server is down, or did not answer. */
  | 'health'
  /** The server was never found, or is not configured any more. */
  | 'discovery'
  /** The proxy fell back to the previous schema, or to the generic one. */
  | 'schema-fallback'
  /** The schema is locked, and the server's has moved on. */
  | 'lock'
  /** The server calls the tool by another name. */
  | 'rename'
  /** The same version of the server has another schema: one of its dependencies changed. */
  | 'dependency'
  /** The server was asked by a client that can do other things. */
  | 'client-capability'
  /** The server itself is another version. */
  | 'server-version';

export interface GapCause {
  readonly kind: GapCauseKind;
  readonly message: string;
}
