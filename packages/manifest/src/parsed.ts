import { sortFindings, type Finding, type Range } from '@holdfast/findings';

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
