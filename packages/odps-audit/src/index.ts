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
export { readProject, type ReadProjectOptions } from './read/read-project.js';
export type { Project } from './project.js';
export { rules, isRuleId, type Rule, type RuleId } from './rules.js';
export { planFix, type ConnectionChange, type DeferredConnection, type FixPlan, type PlanFixOptions, type PlannedFix } from './fix/plan-fix.js';
export type { FileChange } from './fix/file-change.js';
