import type { CheckFinding, ValidationReport } from './report.js';

const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

/** The report as SARIF 2.1.0 (OASIS), one run; paths are relative to the root of the tree. */
export function formatSarif({ findings, sync_validation }: ValidationReport): string {
  const ruleIds = [...new Set(findings.map(({ ruleId }) => ruleId))].sort();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'holdfast', rules: ruleIds.map((id) => ({ id })) } },
        columnKind: 'utf16CodeUnits',
        invocations: [invocationOf(sync_validation)],
        results: findings.map((finding) => resultOf(finding, ruleIds.indexOf(finding.ruleId))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** The checks that are reported as failed without a finding, because they threw, are told here. */
function invocationOf({ checks, run_at }: ValidationReport['sync_validation']): object {
  const crashed = checks.filter(
    ({ status, details }) => status === 'fail' && details.startsWith('the check itself'),
  );
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
