import { count } from './count.js';
import { codeSpan, escapeMarkdown } from './escape-markdown.js';
import type { Finding } from './finding.js';
import { groupFindings, type FindingGroup } from './group-findings.js';

export interface MarkdownOptions {
  /** Most lines that are listed of a severity; the rest is counted. Default 50. */
  readonly maxListed?: number;
  /** Most lines of warnings, and of infos, in the open; more of them are folded. Default 10. */
  readonly maxOpen?: number;
}

/**
 * The findings as a list for a change request or an issue: errors first, equal ones on one line with their count, warnings
 * and infos folded where there are many. Bounded; no text of a file acts on the forge. Empty where nothing was found.
 */
export function formatMarkdown(
  findings: readonly Finding[],
  { maxListed = 50, maxOpen = 10 }: MarkdownOptions = {},
): string {
  const groups = groupFindings(findings);
  const sections = (['error', 'warning', 'info'] as const).map((severity) => {
    const own = groups.filter((group) => group.severity === severity);
    const lines = listGroups(own, maxListed);
    return severity === 'error' || own.length <= maxOpen
      ? lines.join('\n')
      : foldMarkdown(count(sumOf(own), severity), lines);
  });
  return sections
    .filter((section) => section !== '')
    .map((section) => `${section}\n`)
    .join('\n');
}

/** Lines behind a summary that opens them; the empty string for none. */
export function foldMarkdown(summary: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const head = ['<details>', `<summary>${summary}</summary>`, ''];
  return [...head, ...lines, '', '</details>'].join('\n');
}

function listGroups(groups: readonly FindingGroup[], maxListed: number): string[] {
  const lines = groups.slice(0, maxListed).map(formatGroup);
  const omitted = sumOf(groups.slice(maxListed));
  return omitted > 0 ? [...lines, `- and ${omitted} more`] : lines;
}

function sumOf(groups: readonly FindingGroup[]): number {
  return groups.reduce((sum, { findings }) => sum + findings.length, 0);
}

function formatGroup({ ruleId, severity, message, findings }: FindingGroup): string {
  const [{ path, range }] = findings as [Finding];
  const place = codeSpan(`${path}${range ? `:${range.start.line}` : ''}`);
  const others = findings.length > 1 ? ` and ${count(findings.length - 1, 'other place')}` : '';
  return `- ${severity}: ${place}${others} ${escapeMarkdown(message)} (${escapeMarkdown(ruleId)})`;
}
