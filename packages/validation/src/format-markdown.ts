import {
  codeSpan,
  escapeMarkdown,
  foldMarkdown,
  groupFindings,
  type FindingGroup,
} from '@holdfast/findings';
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
  const groups = groupFindings(findings.filter(({ severity }) => severity !== 'info'));
  const errors = groups.filter(({ severity }) => severity === 'error');
  const warnings = groups.filter(({ severity }) => severity === 'warning');
  const known = warnings.filter(isKnown);
  const others = warnings.filter((group) => !isKnown(group));
  const folded = others.length > maxOpenWarnings;
  return [
    ...section(errors),
    ...(folded ? fold(count(sumOf(others), 'warning'), others) : section(others)),
    ...fold(`${count(sumOf(known), 'warning')} about what is so in the source already`, known),
  ];
}

function isKnown({ findings: [finding] }: FindingGroup<CheckFinding>): boolean {
  return finding?.data?.['known'] === true;
}

function sumOf(groups: readonly FindingGroup<CheckFinding>[]): number {
  return groups.reduce((sum, { findings }) => sum + findings.length, 0);
}

function fold(summary: string, groups: readonly FindingGroup<CheckFinding>[]): string[] {
  const lines = section(groups).slice(1);
  return lines.length === 0 ? [] : ['', foldMarkdown(summary, lines)];
}

function section(groups: readonly FindingGroup<CheckFinding>[]): string[] {
  if (groups.length === 0) return [];
  const lines = groups.slice(0, maxListed).map(({ severity, findings, message, ruleId }) => {
    const [{ path, range }] = findings as [CheckFinding];
    const place = codeSpan(`${path}${range ? `:${range.start.line}` : ''}`);
    const others = findings.length > 1 ? ` and ${count(findings.length - 1, 'other place')}` : '';
    return `- ${severity}: ${place}${others} ${escapeMarkdown(message)} (${ruleId})`;
  });
  const omitted = sumOf(groups.slice(maxListed));
  return ['', ...lines, ...(omitted > 0 ? [`- and ${omitted} more`] : [])];
}
