export {
  compareBaseline,
  createBaseline,
  readBaseline,
  writeBaseline,
  type Baseline,
  type BaselineComparison,
  type BaselineEntry,
  type BaselineRead,
} from './baseline.js';
export { countFindings } from './count-findings.js';
export { codeSpan, escapeMarkdown } from './escape-markdown.js';
export type { Finding, Position, Range, Severity } from './finding.js';
export { fingerprintOf } from './fingerprint.js';
export { formatJson } from './format-json.js';
export { formatJunit, type JunitOptions } from './format-junit.js';
export { foldMarkdown, formatMarkdown, type MarkdownOptions } from './format-markdown.js';
export { formatSarif, type RuleHelp, type SarifOptions } from './format-sarif.js';
export { formatFiles, formatLines, formatText, summarise } from './format-text.js';
export { groupFindings, type FindingGroup, type GroupOptions } from './group-findings.js';
export { compareFindings, sortFindings } from './sort-findings.js';
export { visible } from './visible.js';
