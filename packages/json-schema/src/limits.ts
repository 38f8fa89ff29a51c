/** How much work a schema and its documents may make; what is beyond is undecided, never passed. */
export interface SchemaLimits {
  /** Most values that a schema and what it refers to may hold, all in all. Default 500,000. */
  readonly maxSchemaSize: number;
  /** Longest time in milliseconds for compiling a schema, or for validating one document; needs `runWithin`. Default 5,000. */
  readonly timeoutMs: number;
  /** Longest time in milliseconds for one match of a pattern that has no linear form; needs `runWithin`. Default 250. */
  readonly patternTimeoutMs: number;
  /** How many answers of undecidable patterns are tried out in search of a verdict that does not depend on them. Default 32. */
  readonly maxAssumptions: number;
}

export const defaultLimits: SchemaLimits = Object.freeze({
  maxSchemaSize: 500_000,
  timeoutMs: 5000,
  patternTimeoutMs: 250,
  maxAssumptions: 32,
});

/**
 * Runs a synchronous computation and interrupts it where it does not end in time; then there is no value. Whatever
 * state the computation was changing is not used afterwards. In Node.js, `node:vm` offers it (see the README); in a
 * browser nothing does, and a schema is compiled in a worker that its page can end.
 */
export type RunWithin = <T>(limitMs: number, compute: () => T) => { readonly value: T } | undefined;
