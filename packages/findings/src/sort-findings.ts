import type { Finding, Position } from './finding.js';

/**
 * The findings by path, then place, then rule, then message, compared by UTF-16 units: the same order on every machine.
 * A finding without a place comes first in its file. The argument is left as it is.
 */
export function sortFindings<F extends Finding>(findings: readonly F[]): F[] {
  return [...findings].sort(compareFindings);
}

/** Orders two findings as {@link sortFindings} does. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    compareText(a.path, b.path) ||
    comparePosition(a.range?.start, b.range?.start) ||
    compareText(a.ruleId, b.ruleId) ||
    compareText(a.message, b.message)
  );
}

function comparePosition(a: Position | undefined, b: Position | undefined): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
