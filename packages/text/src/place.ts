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

/** A stretch of a text as offsets in UTF-16 units; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
