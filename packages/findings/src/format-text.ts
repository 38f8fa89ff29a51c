import { count } from './count.js';
import { countFindings } from './count-findings.js';
import type { Finding } from './finding.js';
import { visible } from './visible.js';

/**
 * Findings one a line, as compilers print them: `file:line:column: message`. What is no error says so before its
 * message; a finding without a place has no numbers. No findings give the empty string, and there is no final line feed.
 */
export function formatLines(findings: readonly Finding[]): string {
  return findings.map(formatLine).join('\n');
}

/** One line of {@link formatLines}. */
export function formatLine({ path, range, severity, message }: Finding): string {
  const place = range ? `:${range.start.line}:${range.start.column}` : '';
  const weight = severity === 'error' ? '' : `${severity}: `;
  return visible(`${path}${place}: ${weight}${message}`);
}

/**
 * What a person reads in a terminal: the findings file by file, in aligned columns with their places and rules, then
 * their sum. Control characters are shown as escapes.
 */
export function formatText(findings: readonly Finding[]): string {
  return [...formatFiles(findings), `${summarise(findings)}\n`].join('\n');
}

/** The part of {@link formatText} before the sum: a text for each file, with an empty line at its end. */
export function formatFiles(findings: readonly Finding[]): string[] {
  return [...Map.groupBy(findings, ({ path }) => path)].map(([path, all]) => formatFile(path, all));
}

function formatFile(path: string, findings: readonly Finding[]): string {
  const rows = findings.map(({ range, severity, message, ruleId }) => {
    const place = range ? `${range.start.line}:${range.start.column}` : '-';
    return [place, severity, visible(message), visible(ruleId)] as const;
  });
  const widths = [0, 0, 0];
  for (const row of rows) {
    for (const column of [0, 1, 2] as const) {
      widths[column] = Math.max(widths[column]!, row[column].length);
    }
  }
  const [places = 0, severities = 0, messages = 0] = widths;
  const lines = rows.map(
    ([place, severity, message, ruleId]) =>
      `  ${place.padStart(places)}  ${severity.padEnd(severities)}  ${message.padEnd(Math.min(80, messages))}  ${ruleId}`,
  );
  return [visible(path), ...lines, ''].join('\n');
}

/** How many findings there are, in words: `2 errors, 1 warning`, or `No problems found.`. */
export function summarise(findings: Iterable<Finding>): string {
  const { error, warning } = countFindings(findings);
  if (error + warning === 0) return 'No problems found.';
  return `${count(error, 'error')}, ${count(warning, 'warning')}`;
}
