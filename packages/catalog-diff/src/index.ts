export {
  compareCatalogs,
  severityOfTool,
  type CatalogComparison,
  type CatalogComparisonOptions,
  type CatalogSummary,
  type ToolChange,
} from './catalog/compare-catalogs.js';
export {
  compareHistory,
  type HistoryComparison,
  type RetainedCatalog,
} from './catalog/compare-history.js';
export {
  compareTools,
  type AnnotationChange,
  type TextChange,
  type ToolComparison,
  type ToolComparisonOptions,
} from './catalog/compare-tools.js';
export {
  effectiveAnnotations,
  type EffectiveAnnotations,
} from './catalog/effective-annotations.js';
export { explainGap, type GapEvidence } from './catalog/explain-gap.js';
export type { GapCause, GapCauseKind } from './catalog/gap-cause.js';
export { driftEntryOf } from './catalog/drift-entry.js';
export { readCatalog, type CatalogReading } from './catalog/read-catalog.js';
export {
  nameOfTool,
  type Catalog,
  type CatalogKind,
  type CatalogProblem,
  type Tool,
} from './catalog/tool.js';
export { comparisonFindings, comparisonRules } from './report/comparison-findings.js';
export {
  formatComparison,
  formatComparisonMarkdown,
  formatSchemaComparison,
  type FormatOptions,
} from './report/format-comparison.js';
export { canonicalJson } from './schema/canonical-json.js';
export {
  compareSchemas,
  type SchemaChange,
  type SchemaComparison,
  type SchemaComparisonOptions,
  type SchemaVerdict,
} from './schema/compare-schemas.js';
export type { Dialect } from './schema/dialect.js';
export type { Json } from './schema/json.js';
export type { ChangeSeverity, Direction } from './schema/rules.js';
