import { formatAudit } from '@holdfast/odps-audit';
import type { AuditFinding } from '@holdfast/odps-audit';
import type { AuditedProject } from '../odps/audited-project.js';
import { dim, green, red, yellow } from '../markup.js';
import { findingsOfAudit } from '../odps/format-audits.js';
import { renderFinding } from './findings.js';
import { count, text } from './words.js';

/** The report of the specification, and below it what is wrong where, with what to do. */
export function renderAudits(
  audited: readonly AuditedProject[],
  { written = [], out }: { readonly written?: readonly string[]; readonly out?: string } = {},
): string {
  const lines = audited.flatMap(({ audit, folder }, index) => [
    ...(index > 0 ? [''] : []),
    ...(audited.length > 1 ? [dim(folder === '' ? '.' : folder)] : []),
    ...formatAudit(audit).trimEnd().split('\n').map(paintMark),
    ...renderFindings(findingsOfAudit(audit)),
  ]);
  const isGood = audited.every(({ audit }) => audit.isWellIntegrated);
  return text([
    ...lines,
    ...(isGood || written.length > 0 ? [] : ['', 'holdfast odps fix shows what would mend it.']),
    ...written.map((path) => `Wrote ${path}: what it lists is let pass from now on.`),
    ...(out === undefined ? [] : [`Saved to ${out}.`]),
  ]);
}

/** The first rows of each severity; notes are only counted. */
const MAX_LISTED = 50;

/** Each finding with its place and rule, and what to do about it. */
export function renderFindings(findings: readonly AuditFinding[]): string[] {
  const weighty = findings.filter(({ severity }) => severity !== 'info');
  const notes = findings.length - weighty.length;
  const rest = weighty.length - MAX_LISTED;
  const lines = weighty
    .slice(0, MAX_LISTED)
    .flatMap((finding) => [
      `${renderFinding(finding)} ${dim(finding.ruleId)}`,
      dim(`  ${finding.hint}`),
    ]);
  const hidden = [
    ...(rest > 0 ? [`${rest} more`] : []),
    ...(notes > 0 ? [count(notes, 'note')] : []),
  ];
  const last =
    hidden.length > 0 ? [dim(`${hidden.join(' and ')} not shown; --json lists them`)] : [];
  return lines.length + last.length > 0 ? ['', ...lines, ...last] : [];
}

function paintMark(line: string): string {
  return line.replace(/\[(.)\]/, (mark, sign: string) => {
    if (sign === '✓') return green(mark);
    return sign === '✗' ? red(mark) : yellow(mark);
  });
}
