import { formatJunit, formatSarif } from '@holdfast/findings';
import { stringify } from 'yaml';
import { formatMarkdown } from './format-markdown.js';
import { formatText } from './format-text.js';
import type { CheckRecord, ValidationReport } from './report.js';
import { ruleHelp } from './rule-help.js';

export interface ReportOptions {
  /** The files that were checked: JUnit has a case for each, those without findings too. Default: those with findings. */
  readonly files?: Iterable<string>;
  /** The version of the tool that ran the checks, for SARIF. Default: left out. */
  readonly toolVersion?: string;
}

/** The forms that a report can be written in. */
export type ReportFormat = 'text' | 'json' | 'yaml' | 'markdown' | 'sarif' | 'junit';

/**
 * Writes a report. `text` is for a terminal; `json` is the whole report, `yaml` the specification's
 * `sync_validation` alone; `markdown` is the table of the change request with the findings below it; `sarif` (2.1.0)
 * and `junit` (a case for each file) are for other tools. Every form ends in a line feed.
 */
export function formatReport(
  report: ValidationReport,
  format: ReportFormat,
  { files = [], toolVersion }: ReportOptions = {},
): string {
  switch (format) {
    case 'text':
      return formatText(report);
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`;
    case 'yaml':
      return stringify({ sync_validation: report.sync_validation }, { lineWidth: 0 });
    case 'markdown':
      return formatMarkdown(report);
    case 'sarif':
      return formatSarif(report.findings, {
        tool: { name: 'holdfast', ...(toolVersion !== undefined && { version: toolVersion }) },
        rules: ruleHelp,
        endTime: report.sync_validation.run_at,
        failures: crashed(report).map(({ name, details }) => `${name}: ${details}`),
        propertiesOf: ({ check, data }) => ({ check, ...data }),
      });
    case 'junit':
      return formatJunit(report.findings, {
        name: report.sync_validation.rule_id,
        files,
        time: report.sync_validation.run_at,
        failures: crashed(report).map(withMessage),
        skipped: report.sync_validation.checks
          .filter(({ status }) => status === 'skipped')
          .map(withMessage),
      });
  }
}

/** The checks that failed without an error among their findings: they failed themselves. */
function crashed({ sync_validation: { checks }, findings }: ValidationReport): CheckRecord[] {
  const withErrors = new Set<string>();
  for (const { severity, check } of findings) if (severity === 'error') withErrors.add(check);
  return checks.filter(({ name, status }) => status === 'fail' && !withErrors.has(name));
}

function withMessage({ name, details }: CheckRecord): { name: string; message: string } {
  return { name, message: details };
}
