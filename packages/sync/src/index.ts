export type { AlertOptions, AlertOutcome, PublishedAlerts } from './alerts/publish-alerts.js';
export type { AlertMessage, PostedAlerts } from './alerts/post-alerts.js';
export { postAlerts } from './alerts/post-alerts.js';
export { publishAlerts } from './alerts/publish-alerts.js';
export type { SyncAlert } from './alerts/find-alerts.js';
export { findAlerts } from './alerts/find-alerts.js';
export type { AppliedItem } from './apply/apply-change.js';
export type { Finding, Range } from './finding.js';
export type { Fleet } from './fleet.js';
export { countFileChanges } from './item/request-text.js';
export { commentImpact, formatImpact } from './impact/comment-impact.js';
export type { ImpactComment, ToldImpact } from './impact/comment-impact.js';
export type { MeaningChange } from './impact/compare-meaning.js';
export { findImpact } from './impact/find-impact.js';
export type {
  AffectedItem,
  Impact,
  ImpactCache,
  ImpactFile,
  ImpactItem,
  ImpactOptions,
} from './impact/find-impact.js';
export type { DriftItem } from './look/detect-drift.js';
export { detectDrift } from './look/detect-drift.js';
export type { Provenance } from './look/explain-path.js';
export { explainPath } from './look/explain-path.js';
export { listConflicts } from './look/list-conflicts.js';
export type { TargetFile, TargetFiles } from './look/look-in-target.js';
export { lookInTarget } from './look/look-in-target.js';
export type { StatusOptions, StatusRow, StatusWord } from './look/read-status.js';
export { readStatus, statusWords } from './look/read-status.js';
export type { Thresholds } from './look/thresholds.js';
export { defaultThresholds } from './look/thresholds.js';
export type { VerifiedItem } from './look/verify-fleet.js';
export { verifyFleet } from './look/verify-fleet.js';
export type {
  BlockedItem,
  ChangedItem,
  Conflict,
  CurrentItem,
  FailedItem,
  ItemError,
  ItemSummary,
  Outcome,
  OutcomeKind,
  PlanItem,
  PlannedCommit,
  PlannedItem,
  PlannedRequest,
  PlannedSource,
  PlannedSummary,
  SyncPlan,
  TransformSummary,
} from './plan.js';
export { countOutcomes, summarizeItem } from './plan.js';
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
export type {
  Decision,
  ResolvedConflict,
  Taken,
  TargetFolder,
} from './resolve/resolve-conflict.js';
export { resolveConflict } from './resolve/resolve-conflict.js';
export type { PlannedResolution, TargetResolution } from './resolve/resolve-in-target.js';
export { commitResolution, planResolution, resolveInTarget } from './resolve/resolve-in-target.js';
export type { Orphan, OrphanedFile, OrphanOptions } from './prune/find-orphans.js';
export { findOrphans } from './prune/find-orphans.js';
export type { PrunedOrphan } from './prune/prune-orphans.js';
export { pruneOrphans } from './prune/prune-orphans.js';
export type { RollbackFile, RollbackItem, RollbackOptions } from './rollback/rollback-fleet.js';
export { rollbackFleet } from './rollback/rollback-fleet.js';
export type { AdvanceOptions, RolloutStep, WaveOutcome } from './rollout/advance-rollout.js';
export { advanceRollout, listRollouts, lookAtRollout } from './rollout/advance-rollout.js';
export type {
  AbortedRequest,
  AbortedRollout,
  RollbackOffer,
  RolloutChoice,
} from './rollout/change-rollout.js';
export { abortRollout, approveWave, haltRollout, resumeRollout } from './rollout/change-rollout.js';
export type { WaveItem } from './rollout/look-at-wave.js';
export type { RolloutState, RolloutTrouble, RolloutWave } from './rollout/rollout-state.js';
export type { WaveStream } from './rollout/stream-waves.js';
export { streamWaves, waveOutcome } from './rollout/stream-waves.js';
export type { PlanOptions } from './run/plan-sync.js';
export { planSync, streamPlan } from './run/plan-sync.js';
export type { MovedSince, SavedItem, SavedPlan } from './run/saved-plan.js';
export { parsePlan, savePlan, serializePlan } from './run/saved-plan.js';
export type { SyncOptions, SyncResult, SyncStream, SyncedItem } from './run/sync-fleet.js';
export { streamSync, syncFleet } from './run/sync-fleet.js';
export type { Progress, VisitOptions } from './run/visit-targets.js';
export type { RunSelection } from './source/select-rules.js';
export type { SyncErrorCode } from './sync-error.js';
export { SyncError, toItemError } from './sync-error.js';
export { overrideRootOf } from './target/override-root.js';
export type { CustomisedFile, DriftedFile } from './target/find-drift.js';
export type { CatalogueFolder, OpenCatalogue } from './catalogue/catalogue-ports.js';
export { detectCatalogueDrift } from './catalogue/detect-catalogue-drift.js';
export type { CatalogueDifference, CatalogueDrift } from './catalogue/detect-catalogue-drift.js';
export type { PulledFile, PullOutcome } from './catalogue/pulled-file.js';
export { pullCatalogue } from './catalogue/pull-catalogue.js';
export type { Pulled, PullOptions } from './catalogue/pull-catalogue.js';
export type { PushedFile } from './catalogue/carry-back.js';
export type { PushPlan } from './catalogue/plan-push.js';
export { blockingFiles, planCataloguePush, pushCatalogue } from './catalogue/push-catalogue.js';
export type {
  PlannedPush,
  PushableCatalogue,
  PushDestination,
  Pushed,
  PushText,
} from './catalogue/push-catalogue.js';
export { readCatalogueVersion } from './catalogue/read-versions.js';
export type {
  CatalogueVersion,
  VersionedCatalogue,
  VersionedFile,
} from './catalogue/read-versions.js';
export { checkReferences } from './catalogue/check-references.js';
export type { ReferenceProblem } from './catalogue/check-references.js';
export { compareMeaning, describeMeaning } from './compare-meaning.js';
export type { MeaningfulFile, MeaningfulFiles } from './compare-meaning.js';
export { catalogueLayout } from './catalogue/catalogue-layout.js';
export type { CatalogueLayout } from './catalogue/catalogue-layout.js';
export type { ExtractedTypes, ExtractTypes, TypeSources } from './catalogue/pull-types.js';
export { planDeliveredPush, rulesOfBothDirections } from './catalogue/push-delivered.js';
export type {
  DeliveredPush,
  DeliveredPushItem,
  DeliveredPushOptions,
  PushableFleet,
} from './catalogue/push-delivered.js';
