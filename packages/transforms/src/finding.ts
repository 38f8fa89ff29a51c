/** A place in a text: 1-based line, 1-based column in UTF-16 units. */
export interface Place {
  line: number;
  column: number;
}

/** From `start` up to and without `end`. */
export interface Range {
  start: Place;
  end: Place;
}

/**
 * One thing that a transform noticed. `path` is the file in the source, and `range` the place in the
 * source's text, also where a later step of a pipeline noticed it.
 */
export interface Finding {
  ruleId: string;
  severity: 'error' | 'warning' | 'info';
  message: string;
  path: string;
  range?: Range;
  data?: Record<string, unknown>;
}
