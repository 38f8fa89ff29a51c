import { count } from './count.js';
import { countFindings } from './count-findings.js';
import type { Finding } from './finding.js';
import { formatLine } from './format-text.js';

export interface JunitOptions {
  /** The name of the suite: the tool, or the run. */
  readonly name: string;
  /** Every file that was checked: one without findings is a case that passed. Default: the files of the findings. */
  readonly files?: Iterable<string>;
  /** When the run took place, as ISO 8601 in UTC. Default: left out. */
  readonly time?: string;
  /** Checks that could not do their work, by name and reason: each is a case with an error. Default: none. */
  readonly failures?: readonly { readonly name: string; readonly message: string }[];
  /** Checks that were not made, by name and reason: each is a skipped case. Default: none. */
  readonly skipped?: readonly { readonly name: string; readonly message: string }[];
}

/**
 * The findings as JUnit XML, as CI servers read it: a case for each file. Errors are its failure, what else was found goes
 * to its output.
 */
export function formatJunit(
  findings: readonly Finding[],
  { name, files = [], time, failures = [], skipped = [] }: JunitOptions,
): string {
  const byFile = new Map<string, Finding[]>();
  for (const path of files) byFile.set(path, []);
  for (const finding of findings) {
    const own = byFile.get(finding.path);
    if (own) own.push(finding);
    else byFile.set(finding.path, [finding]);
  }
  let failed = 0;
  const cases: string[] = [];
  for (const [path, own] of [...byFile].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const errors = own.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) failed += 1;
    cases.push(fileCase(path, name, errors, own));
  }
  for (const { name: check, message } of failures) {
    cases.push(caseOf(check, name, [`<error message="${escapeXml(message)}"/>`]));
  }
  for (const { name: check, message } of skipped) {
    cases.push(caseOf(check, name, [`<skipped message="${escapeXml(message)}"/>`]));
  }
  const totals = `tests="${cases.length}" failures="${failed}" errors="${failures.length}" skipped="${skipped.length}"`;
  const timestamp = time === undefined ? '' : ` timestamp="${escapeXml(time.replace(/Z$/, ''))}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="holdfast" ${totals}>`,
    `  <testsuite name="${escapeXml(name)}" ${totals}${timestamp}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function fileCase(
  path: string,
  suite: string,
  errors: readonly Finding[],
  all: readonly Finding[],
): string {
  const others = all.filter(({ severity }) => severity !== 'error');
  const content: string[] = [];
  if (errors.length > 0) {
    const message = escapeXml(count(countFindings(errors).error, 'error'));
    content.push(`<failure message="${message}">${escapeXml(listing(errors))}</failure>`);
  }
  if (others.length > 0) {
    content.push(`<system-out>${escapeXml(listing(others))}</system-out>`);
  }
  return caseOf(path, suite, content);
}

function listing(findings: readonly Finding[]): string {
  return findings.map((finding) => `${formatLine(finding)} (${finding.ruleId})`).join('\n');
}

function caseOf(name: string, suite: string, content: readonly string[]): string {
  const open = `    <testcase name="${escapeXml(name)}" classname="${escapeXml(suite)}"`;
  if (content.length === 0) return `${open}/>`;
  return [`${open}>`, ...content.map((line) => `      ${line}`), '    </testcase>'].join('\n');
}

/** Escapes text for XML 1.0, which has no way to write most control characters and lone surrogates. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
