import { count } from './count.js';
import type { CheckFinding, CheckStatus, ValidationReport } from './report.js';

/** Most findings that are listed of a kind: a change request's body is bounded. */
const maxListed = 50;

const titles: ReadonlyMap<string, string> = new Map([
  ['input', 'Input'],
  ['checksum', 'Checksum verification'],
  ['link_integrity', 'Link integrity'],
  ['schema_check', 'Schema compatibility'],
  ['secret_scan', 'Secret scan'],
  ['version_tag', 'Version tag match'],
]);

/** Most warnings that are listed in the open; more of them are folded. */
const maxOpenWarnings = 10;

/**
 * The table of the specification's change request, and below it what stands behind each row that is not a pass: first
 * the errors, then the warnings. What the source has broken already, and warnings in great number, are folded.
 */
export function formatMarkdown({
  sync_validation: { checks },
  findings,
}: ValidationReport): string {
  const rows = checks.map(
    ({ name, status, details }) => `| ${titleOf(name)} | ${statusCell(status, details)} |`,
  );
  return `${['| Check | Status |', '|-------|--------|', ...rows, ...listFindings(findings)].join('\n')}\n`;
}

function titleOf(name: string): string {
  return titles.get(name) ?? escapeMarkdown(name);
}

function statusCell(status: CheckStatus, details: string): string {
  return status === 'pass' ? 'pass' : `${status}: ${escapeMarkdown(details)}`;
}

function listFindings(findings: readonly CheckFinding[]): string[] {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const warnings = findings.filter(({ severity }) => severity === 'warning');
  const known = warnings.filter(isKnown);
  const others = warnings.filter((finding) => !isKnown(finding));
  const folded = others.length > maxOpenWarnings;
  return [
    ...section(errors),
    ...(folded ? fold(count(others.length, 'warning'), others) : section(others)),
    ...fold(`${count(known.length, 'warning')} about what is so in the source already`, known),
  ];
}

function isKnown({ data }: CheckFinding): boolean {
  return data?.['known'] === true;
}

function fold(summary: string, findings: readonly CheckFinding[]): string[] {
  if (findings.length === 0) return [];
  const lines = section(findings);
  return ['', '<details>', `<summary>${summary}</summary>`, ...lines, '', '</details>'];
}

function section(findings: readonly CheckFinding[]): string[] {
  if (findings.length === 0) return [];
  const lines = findings.slice(0, maxListed).map(({ severity, path, range, message, ruleId }) => {
    const place = range ? `:${range.start.line}` : '';
    return `- ${severity}: ${codeSpan(`${path}${place}`)} ${escapeMarkdown(message)} (${ruleId})`;
  });
  const omitted = findings.length - lines.length;
  return ['', ...lines, ...(omitted > 0 ? [`- and ${omitted} more`] : [])];
}

/** Text of files and authors becomes plain text: no markup, no mention, no reference to an issue. */
function escapeMarkdown(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_{}[\]<>|~]/g, '\\$&')
    .replace(/([@#])(?=\w)/g, '$1\u200b')
    .replace(/:(?=\/\/)/g, ':\u200b');
}

function codeSpan(text: string): string {
  const plain = text.replace(/[\r\n]+/g, ' ').replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${plain} ${fence}` : `${fence}${plain}${fence}`;
}
