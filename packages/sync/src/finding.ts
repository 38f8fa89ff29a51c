/** A place in a text: 1-based lines and columns, columns in UTF-16 units. */
export interface Range {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

/** One result of a check: `ruleId` and `data` are contract, `message` is for people. */
export interface Finding {
  readonly ruleId: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly path: string;
  readonly range?: Range;
  readonly data?: Record<string, unknown>;
}

/** Orders findings by path, then place. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const line = (finding: Finding) => finding.range?.start.line ?? 0;
  const column = (finding: Finding) => finding.range?.start.column ?? 0;
  return [...findings].sort(
    (a, b) =>
      (a.path < b.path ? -1 : a.path > b.path ? 1 : 0) ||
      line(a) - line(b) ||
      column(a) - column(b),
  );
}
