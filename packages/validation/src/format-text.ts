import { countFindings, formatFiles, visible } from '@holdfast/findings';
import { count } from './count.js';
import type { CheckFinding, CheckRecord, ValidationReport } from './report.js';

/**
 * What a person reads in a terminal: the findings file by file with their places, then a line per check, then the
 * sum. Control characters of paths and messages are shown as escapes.
 */
export function formatText({
  sync_validation: { checks },
  findings,
  blocked,
}: ValidationReport): string {
  return [...formatFiles(findings), formatChecks(checks), sumUp(findings, blocked)].join('\n');
}

function formatChecks(checks: readonly CheckRecord[]): string {
  const names = checks.reduce((longest, { name }) => Math.max(longest, name.length), 0);
  const rows = checks.map(
    ({ name, status, details }) =>
      `${status.padEnd(7)}  ${name.padEnd(names)}  ${visible(details)}`,
  );
  return [...rows, ''].join('\n');
}

function sumUp(findings: readonly CheckFinding[], blocked: boolean): string {
  const { error, warning } = countFindings(findings);
  if (error + warning === 0 && !blocked) return 'No problems found.\n';
  const verdict = blocked ? ': blocked' : '';
  return `${count(error, 'error')}, ${count(warning, 'warning')}${verdict}\n`;
}
