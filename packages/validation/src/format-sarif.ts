import type { CheckFinding, ValidationReport } from './report.js';

const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

/** The report as SARIF 2.1.0 (OASIS), one run; paths are relative to the root of the tree. */
export function formatSarif(report: ValidationReport): string {
  const { findings } = report;
  const ruleIds = [...new Set(findings.map(({ ruleId }) => ruleId))].sort();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'holdfast', rules: ruleIds.map((id) => ({ id })) } },
        columnKind: 'utf16CodeUnits',
        invocations: [invocationOf(report)],
        results: findings.map((finding) => resultOf(finding, ruleIds.indexOf(finding.ruleId))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** A check that failed without an error among its findings failed itself: that is told here. */
function invocationOf({ sync_validation: { checks, run_at }, findings }: ValidationReport): object {
  const withErrors = new Set(
    findings.filter(({ severity }) => severity === 'error').map(({ check }) => check),
  );
  const crashed = checks.filter(({ name, status }) => status === 'fail' && !withErrors.has(name));
  return {
    executionSuccessful: crashed.length === 0,
    endTimeUtc: run_at,
    toolExecutionNotifications: crashed.map(({ name, details }) => ({
      level: 'error',
      message: { text: `${name}: ${details}` },
    })),
  };
}

function resultOf(
  { ruleId, severity, message, path, range, data, check }: CheckFinding,
  ruleIndex: number,
): object {
  const region = range && {
    startLine: range.start.line,
    startColumn: range.start.column,
    endLine: range.end.line,
    endColumn: range.end.column,
  };
  const artifactLocation = { uri: path.split('/').map(encodeURIComponent).join('/') };
  return {
    ruleId,
    ruleIndex,
    level: levels[severity],
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation, ...(region && { region }) } }],
    properties: { check, ...data },
  };
}
