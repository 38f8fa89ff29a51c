export { checksumCheck, type ChecksumOptions } from './checksum-check.js';
export {
  type Check,
  type CheckInput,
  type CheckNeed,
  type CheckResult,
  type ValidationContext,
} from './check.js';
export { type TreeEntryKind, type TreeView, type ValidationFile } from './validation-file.js';
export type { FileMode } from '@holdfast/text';
export { type DocumentReader, type TextDocument } from './document-reader.js';
export { emptyTree, type FileTree } from './file-tree.js';
export type { Finding, Position, Range } from '@holdfast/findings';
export { formatReport, type ReportFormat, type ReportOptions } from './format-report.js';
export { defaultLimits, type ValidationLimits } from './limits.js';
export { knownBreakage, type KnownBreakage, type KnownBreakageOptions } from './known-breakage.js';
export { linkIntegrityCheck, type LinkIntegrityOptions } from './link-integrity-check.js';
export {
  createReport,
  type CheckFinding,
  type CheckOutcome,
  type CheckRecord,
  type CheckStatus,
  type ValidationReport,
} from './report.js';
export { ruleHelp } from './rule-help.js';
export { type LinkStyle } from './site-links.js';
export { schemaCheck, type SchemaCheckOptions } from './schema-check.js';
export { type SchemaBinding } from './schema-library.js';
export { validate } from './validate.js';
export { versionTagCheck, type VersionTagOptions } from './version-tag-check.js';
export {
  allowMarker,
  checkDenyPattern,
  secretScanCheck,
  type DenyPattern,
  type RuleSeverity,
  type SecretScanOptions,
} from './secret-scan-check.js';
