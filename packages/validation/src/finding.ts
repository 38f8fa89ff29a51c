/** A place in a text: both numbers count from 1, columns in UTF-16 units. */
export interface Position {
  line: number;
  column: number;
}

/** The part of a file that a finding is about; `end` is exclusive. */
export interface Range {
  start: Position;
  end: Position;
}

/**
 * One result of a check. `ruleId` and `data` are contract, `message` is for people.
 * `path` is the file's path in the target.
 */
export interface Finding {
  ruleId: string;
  severity: 'error' | 'warning' | 'info';
  message: string;
  path: string;
  range?: Range;
  data?: Record<string, unknown>;
}

/** The findings sorted by path, then place, then rule; the argument is left as it is. */
export function sortFindings<F extends Finding>(findings: readonly F[]): F[] {
  return [...findings].sort(compareFindings);
}

function compareFindings(a: Finding, b: Finding): number {
  return (
    compareText(a.path, b.path) ||
    (a.range?.start.line ?? 0) - (b.range?.start.line ?? 0) ||
    (a.range?.start.column ?? 0) - (b.range?.start.column ?? 0) ||
    compareText(a.ruleId, b.ruleId) ||
    compareText(a.message, b.message)
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
