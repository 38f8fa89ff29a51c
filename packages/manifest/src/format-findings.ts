import type { Finding } from './finding.js';

/**
 * Renders findings for people, one a line: `file:line:column: message`. What is no error says so
 * before its message; a finding without a place has no numbers. No findings give the empty string.
 */
export function formatFindings(findings: readonly Finding[]): string {
  return findings.map(formatFinding).join('\n');
}

function formatFinding({ path, range, severity, message }: Finding): string {
  const place = range ? `${path}:${range.start.line}:${range.start.column}` : path;
  return severity === 'error' ? `${place}: ${message}` : `${place}: ${severity}: ${message}`;
}
