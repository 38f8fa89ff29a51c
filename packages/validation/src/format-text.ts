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
  const groups = [...Map.groupBy(findings, ({ path }) => path)].map(([path, all]) =>
    formatFile(path, all),
  );
  return [...groups, formatChecks(checks), summarise(findings, blocked)].join('\n');
}

function formatFile(path: string, findings: readonly CheckFinding[]): string {
  const rows = findings.map(({ range, severity, message, ruleId }) => {
    const place = range ? `${range.start.line}:${range.start.column}` : '-';
    return [place, severity, visible(message), ruleId] as const;
  });
  const width = (column: 0 | 1 | 2) => Math.max(...rows.map((row) => row[column].length));
  const [places, severities, messages] = [width(0), width(1), Math.min(80, width(2))];
  const lines = rows.map(
    ([place, severity, message, ruleId]) =>
      `  ${place.padStart(places)}  ${severity.padEnd(severities)}  ${message.padEnd(messages)}  ${ruleId}`,
  );
  return [visible(path), ...lines, ''].join('\n');
}

function formatChecks(checks: readonly CheckRecord[]): string {
  const names = Math.max(0, ...checks.map(({ name }) => name.length));
  const rows = checks.map(
    ({ name, status, details }) =>
      `${status.padEnd(7)}  ${name.padEnd(names)}  ${visible(details)}`,
  );
  return [...rows, ''].join('\n');
}

function summarise(findings: readonly CheckFinding[], blocked: boolean): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  if (errors + warnings === 0 && !blocked) return 'No problems found.\n';
  const verdict = blocked ? ': blocked' : '';
  return `${count(errors, 'error')}, ${count(warnings, 'warning')}${verdict}\n`;
}

function visible(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
