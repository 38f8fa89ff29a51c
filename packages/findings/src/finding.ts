/** A place in a text. Both numbers count from 1; columns count UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A stretch of a text; `end` is the first place behind it. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** How much a finding weighs: what makes its subject unusable, what deserves a look, what is good to know. */
export type Severity = 'error' | 'warning' | 'info';

/**
 * One result of a check, as plain data. `ruleId` and `data` are contract: programs may read them. `message` is for
 * people. `path` is the file that the finding is about, with forward slashes, as its caller named it.
 */
export interface Finding {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly message: string;
  readonly path: string;
  readonly range?: Range;
  readonly data?: Readonly<Record<string, unknown>>;
}
