import { formatReport } from '@holdfast/validation';
import type { ReportFormat, ValidationReport } from '@holdfast/validation';
import { count } from './words.js';

/** A report in the form that was asked for; what people read also says where it was saved. */
export function renderReport(
  report: ValidationReport,
  {
    format,
    out,
    maxWarnings,
  }: { readonly format: ReportFormat; readonly out?: string; readonly maxWarnings?: number },
): string {
  const formatted = formatReport(report, format);
  if (format === 'json' || format === 'sarif') return escapeJson(formatted);
  if (format !== 'text') return formatted;
  const limit =
    maxWarnings === undefined
      ? ''
      : `More than ${count(maxWarnings, 'warning')} (--max-warnings).\n`;
  return `${formatted}${limit}${out === undefined ? '' : `Saved to ${out}.\n`}`;
}

/** What a terminal could take for a command stays JSON when it is escaped. */
function escapeJson(json: string): string {
  return json.replace(
    /[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufdd0\ufdd1]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
