import { stringify } from 'yaml';
import { formatJunit } from './format-junit.js';
import { formatMarkdown } from './format-markdown.js';
import { formatSarif } from './format-sarif.js';
import { formatText } from './format-text.js';
import type { ValidationReport } from './report.js';

/** The forms that a report can be written in. */
export type ReportFormat = 'text' | 'json' | 'yaml' | 'markdown' | 'sarif' | 'junit';

/**
 * Writes a report. `text` is for a terminal; `json` is the whole report, `yaml` the specification's
 * `sync_validation` alone; `markdown` is the table of the change request with the findings below it; `sarif` (2.1.0)
 * and `junit` are for other tools. Every form ends in a line feed.
 */
export function formatReport(report: ValidationReport, format: ReportFormat): string {
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
      return formatSarif(report);
    case 'junit':
      return formatJunit(report);
  }
}
