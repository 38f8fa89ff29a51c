export {
  checkPath,
  findPathCollisions,
  hashBlob,
  hashSha256,
  type FileMode,
  type PathCollision,
  type PathProblem,
} from '@holdfast/text';
export { CATALOGUE_MANIFEST } from './catalogue.js';
export type { Catalogue, CatalogueContent, CatalogueTypes } from './catalogue.js';
export { parseCatalogueManifest, serializeCatalogueManifest } from './catalogue-manifest.js';
export type {
  CatalogueEntry,
  CatalogueManifest,
  CatalogueTypeRecord,
} from './catalogue-manifest.js';
export { checkGlob } from './check-glob.js';
export { checkRules } from './check-rules.js';
export { compareManifest } from './compare-manifest.js';
export type { ManifestComparison, PathDifference, PathState } from './compare-manifest.js';
export type {
  AlertSettings,
  Configuration,
  ForgeHost,
  Target,
  TargetsFrom,
} from './configuration.js';
export type { LiveCheck } from './live-check.js';
export type { Finding, Position, Range, Severity } from '@holdfast/findings';
export type { Parsed } from './parsed.js';
export { forgeOf, hostOf, type ForgeKind } from './forge-of.js';
export { formatLines as formatFindings } from '@holdfast/findings';
export { hintName } from './closest-name.js';
export { compileGlob, globBase } from './glob.js';
export { configurationJsonSchema, manifestJsonSchema, ruleJsonSchema } from './json-schema.js';
export type { JsonSchema } from './json-schema.js';
export type { JsonValue, Manifest, ManifestEntry } from './manifest.js';
export { ManifestError } from './manifest-error.js';
export type { Blame, ManifestErrorCode } from './manifest-error.js';
export { parseConfiguration } from './parse-configuration.js';
export { parseManifest } from './parse-manifest.js';
export { parseRules } from './parse-rules.js';
export type { LocatedRule } from './parse-rules.js';
export {
  compileSelection,
  mapDeliveredPath,
  overridePath,
  overrideRoot,
  ruleStatePaths,
} from './rule-paths.js';
export type { RuleStatePaths } from './rule-paths.js';
export type { Rollout, RolloutLimit, Wave } from './rollout.js';
export { serializeManifest } from './serialize-manifest.js';
export type { SyncRule } from './sync-rule.js';
export type { TargetChoice } from './target-choice.js';
export { targetRules, waveTargets } from './target-rules.js';
export type { TargetRule } from './target-rules.js';
export type { ThresholdSettings } from './thresholds.js';
export type { TransformStep } from './transform-step.js';
export type { WorkerSettings } from './worker-settings.js';
