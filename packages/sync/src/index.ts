export type { AppliedItem } from './apply-item.js';
export { detectDrift } from './detect-drift.js';
export type { DriftItem, DriftedFile } from './detect-drift.js';
export { explainPath } from './explain-path.js';
export type { Provenance } from './explain-path.js';
export type { Finding, Range } from './finding.js';
export type { Fleet } from './fleet.js';
export { listConflicts } from './list-conflicts.js';
export { countOutcomes } from './plan.js';
export type {
  Conflict,
  FailedItem,
  ItemError,
  Outcome,
  OutcomeKind,
  PlanItem,
  PlannedCommit,
  PlannedItem,
  PlannedRequest,
  PlannedSource,
  SyncPlan,
  TransformSummary,
} from './plan.js';
export { planSync } from './plan-sync.js';
export type { PlanOptions } from './plan-sync.js';
export type {
  ChangeRequest,
  Clock,
  Commit,
  Entry,
  FileMode,
  Forge,
  Logger,
  OpenTarget,
  RefUpdate,
  Release,
  Signature,
  Snapshot,
  SnapshotEntry,
  SourceRepository,
  TargetRepository,
  TreeChange,
} from './ports.js';
export { readStatus } from './read-status.js';
export type { StatusRow } from './read-status.js';
export { resolveConflict } from './resolve-conflict.js';
export type { Decision, ResolvedConflict, TargetFolder } from './resolve-conflict.js';
export { resolveInTarget } from './resolve-in-target.js';
export type { TargetResolution } from './resolve-in-target.js';
export { countFileChanges } from './request-text.js';
export { parsePlan, savePlan, serializePlan } from './saved-plan.js';
export type { MovedSince, SavedItem, SavedPlan } from './saved-plan.js';
export type { RunSelection } from './select-rules.js';
export { SyncError } from './sync-error.js';
export type { SyncErrorCode } from './sync-error.js';
export { syncFleet } from './sync-fleet.js';
export type { SyncedItem, SyncOptions, SyncResult } from './sync-fleet.js';
export { verifyFleet } from './verify-fleet.js';
export type { VerifiedItem } from './verify-fleet.js';
export type { Progress, VisitOptions } from './visit-targets.js';
