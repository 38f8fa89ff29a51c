import type { Check, CheckResult, ValidationContext } from './check.js';
import { sortFindings, type Finding } from '@holdfast/findings';

export type CheckStatus = 'pass' | 'fail' | 'warn' | 'skipped';

/** One row of the report. */
export interface CheckRecord {
  name: string;
  status: CheckStatus;
  details: string;
}

/** A finding with the check that made it. */
export interface CheckFinding extends Finding {
  check: string;
}

/**
 * What a validation run says. `sync_validation` is the shape of the distribution specification,
 * as it is written to YAML and JSON; the findings stand behind its rows.
 */
export interface ValidationReport {
  sync_validation: {
    rule_id: string;
    /** ISO 8601 in UTC, to the second. */
    run_at: string;
    source_version: string;
    checks: CheckRecord[];
    /** The worst of the checks; a skipped one counts as passed. */
    overall: 'pass' | 'fail' | 'warn';
  };
  /** Sorted by path, then place. */
  findings: CheckFinding[];
  /** True when the change request must not be opened. */
  blocked: boolean;
}

/** What became of one check, before it is a row. */
export interface CheckOutcome {
  check: Pick<Check, 'id' | 'failureAction'>;
  result: CheckResult | { failure: string };
}

/** The report of some checks' outcomes, in the order of the checks. */
export function createReport(
  outcomes: readonly CheckOutcome[],
  context: Pick<ValidationContext, 'ruleId' | 'runAt' | 'sourceVersion'>,
): ValidationReport {
  const judged = outcomes.map(judge);
  const checks = judged.map(({ record }) => record);
  const failed = checks.some(({ status }) => status === 'fail');
  const warned = checks.some(({ status }) => status === 'warn');
  return {
    sync_validation: {
      rule_id: context.ruleId,
      run_at: context.runAt.toISOString().replace(/\.\d{3}Z$/, 'Z'),
      source_version: context.sourceVersion,
      checks,
      overall: failed ? 'fail' : warned ? 'warn' : 'pass',
    },
    findings: sortFindings(judged.flatMap(({ findings }) => findings)),
    blocked: failed,
  };
}

function judge({ check, result }: CheckOutcome): { record: CheckRecord; findings: CheckFinding[] } {
  if ('failure' in result) {
    const details = `the check itself failed: ${result.failure}`;
    return { record: { name: check.id, status: 'fail', details }, findings: [] };
  }
  const findings = result.findings.map((finding) => ({
    ...finding,
    severity: limitSeverity(finding.severity, check.failureAction),
    check: check.id,
  }));
  return {
    record: { name: check.id, status: statusOf(result, findings), details: result.details },
    findings,
  };
}

function limitSeverity(
  severity: Finding['severity'],
  action: Check['failureAction'],
): Finding['severity'] {
  return severity === 'error' && action === 'warn' ? 'warning' : severity;
}

function statusOf(result: CheckResult, findings: readonly Finding[]): CheckStatus {
  if (findings.some(({ severity }) => severity === 'error')) return 'fail';
  if (findings.some(({ severity }) => severity === 'warning')) return 'warn';
  return result.skipped ? 'skipped' : 'pass';
}
