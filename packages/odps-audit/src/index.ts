export {
  artifactNames,
  type ArtifactName,
  type ArtifactReport,
  type ArtifactStatus,
  type AuditFinding,
  type FileReport,
} from './artifact.js';
export { audit, type Audit, type AuditOptions, type RuleSettings } from './audit.js';
export { readGit, type ReadGitOptions } from './git/read-git.js';
export type { GitFacts } from './git/git-facts.js';
export { findProjects } from './read/find-projects.js';
export { readSourceFile } from './read/read-bytes.js';
export { readProject, type ReadProjectOptions } from './read/read-project.js';
export type { Project } from './project.js';
export { rules, isRuleId, type Rule, type RuleId } from './rules.js';
export {
  planFix,
  type ConnectionChange,
  type DeferredConnection,
  type FixPlan,
  type PlanFixOptions,
  type PlannedFix,
} from './fix/plan-fix.js';
export type { FileChange } from './fix/file-change.js';
export { applyFix, type ApplyFixOptions, type FixOutcome } from './fix/apply-fix.js';
export {
  fixArtifactTitles,
  reportFix,
  type FixReport,
  type FixRow,
  type FixStatus,
} from './fix/fix-report.js';
export {
  chooseConnection,
  type ChooseConnectionOptions,
  type ConnectionChoice,
  type PlatformConnection,
} from './platform/choose-connection.js';
export {
  createPlatformClient,
  type PlatformClient,
  type PlatformClientOptions,
} from './platform/platform-client.js';
export { PlatformError, type PlatformErrorCode } from './platform/platform-error.js';
export type { PlatformState } from './platform/platform-state.js';
export { readPlatform } from './platform/read-platform.js';
export {
  auditConfigFile,
  readAuditConfig,
  type AuditConfig,
  type AuditConfigRead,
} from './audit-config.js';
export { checkFiles, type CheckedFile, type CheckFilesOptions } from './check-file.js';
export { createSchemaLibrary, type SchemaLibrary } from './schema-set.js';
export { formatAudit, markOf } from './format-audit.js';
export { createSourceFile, type SourceFile } from './read/source-file.js';
export type {
  AnswerProblem,
  Question,
  ResolvedValue,
  ResolvedValues,
} from './fix/resolve-values.js';
export type { PlaceholderName } from './fix/placeholders.js';
