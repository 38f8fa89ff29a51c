import type { CheckFinding, CheckRecord, ValidationReport } from './report.js';

/**
 * The report as JUnit XML, as CI servers read it: a test case for each check; its errors are a failure, its warnings
 * go to its output.
 */
export function formatJunit({ sync_validation, findings }: ValidationReport): string {
  const { rule_id, run_at, checks } = sync_validation;
  const failures = checks.filter(({ status }) => status === 'fail').length;
  const skipped = checks.filter(({ status }) => status === 'skipped').length;
  const totals = `tests="${checks.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
  const byCheck = Map.groupBy(findings, ({ check }) => check);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="holdfast" ${totals}>`,
    `  <testsuite name="${escapeXml(rule_id)}" ${totals} timestamp="${run_at.replace(/Z$/, '')}">`,
    ...checks.flatMap((check) => testCase(check, byCheck.get(check.name) ?? [], rule_id)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(
  { name, status, details }: CheckRecord,
  findings: readonly CheckFinding[],
  rule: string,
): string[] {
  const open = `    <testcase name="${escapeXml(name)}" classname="${escapeXml(rule)}"`;
  const errors = findings.filter(({ severity }) => severity === 'error');
  const others = findings.filter(({ severity }) => severity !== 'error');
  const content = [
    ...(status === 'skipped' ? [`      <skipped message="${escapeXml(details)}"/>`] : []),
    ...(status === 'fail'
      ? [`      <failure message="${escapeXml(details)}">${escapeXml(listing(errors))}</failure>`]
      : []),
    ...(others.length > 0 ? [`      <system-out>${escapeXml(listing(others))}</system-out>`] : []),
  ];
  return content.length === 0 ? [`${open}/>`] : [`${open}>`, ...content, '    </testcase>'];
}

function listing(findings: readonly CheckFinding[]): string {
  return findings
    .map(({ path, range, severity, message, ruleId }) => {
      const place = range ? `:${range.start.line}:${range.start.column}` : '';
      return `${path}${place}: ${severity}: ${message} (${ruleId})`;
    })
    .join('\n');
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
