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

/** How much a finding weighs: an `error` makes its input unusable, the others do not. */
export type Severity = 'error' | 'warning' | 'info';

/**
 * One result of a check, as plain data. `ruleId` and `data` are stable, `message` is for people.
 */
export interface Finding {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly message: string;
  /** The file that the finding is about, as its caller named it. */
  readonly path: string;
  readonly range?: Range;
  readonly data?: Record<string, unknown>;
}

/** What a parser returns: the value with defaults applied, or everything that is wrong with the text. */
export type Parsed<T> =
  | { readonly kind: 'parsed'; readonly value: T }
  | { readonly kind: 'invalid'; readonly findings: readonly Finding[] };

/** More findings than these in one file help nobody; the rest is counted. */
const MAX_FINDINGS = 200;

/** The failed outcome of a parser: sorted, and cut where a hostile file would have no end of findings. */
export function invalid(findings: readonly Finding[]): Parsed<never> {
  const sorted = sortFindings(findings);
  const last = sorted[MAX_FINDINGS];
  if (!last) return { kind: 'invalid', findings: sorted };
  const rest = sorted.length - MAX_FINDINGS;
  const note: Finding = {
    ...last,
    ruleId: 'too-many-findings',
    message: `there are ${rest} more findings from here on`,
    data: { rest },
  };
  return { kind: 'invalid', findings: [...sorted.slice(0, MAX_FINDINGS), note] };
}

/** An error at a place of a file. */
export function errorAt(
  path: string,
  range: Range | undefined,
  ruleId: string,
  message: string,
): Finding {
  return { ruleId, severity: 'error', message, path, ...(range && { range }) };
}

/** The place of what concerns a file as a whole. */
export const FILE_START: Range = { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };

/** Orders findings by file, then place, then rule; a finding without a place comes first in its file. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      compareText(a.path, b.path) ||
      comparePosition(a.range?.start, b.range?.start) ||
      compareText(a.ruleId, b.ruleId) ||
      compareText(a.message, b.message),
  );
}

/** Compares by UTF-16 units: the same order on every machine and in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function comparePosition(a: Position | undefined, b: Position | undefined): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}
