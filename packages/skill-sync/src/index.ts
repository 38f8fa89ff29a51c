export {
  absorbSkill,
  type AbsorbOptions,
  type AbsorbOutcome,
  type AbsorbProblem,
} from './absorb/absorb-skill.js';
export type { PlannedOperation } from './absorb/plan-edits.js';
export { describeSkills, type SkillDescription } from './generate/describe-skills.js';
export type {
  DifferingOutput,
  GenerateOutcome,
  GeneratedOutput,
} from './generate/generate-outcome.js';
export { generateSkill, type GenerateOptions } from './generate/generate-skill.js';
export { generateSkills, type GenerateSkillsOptions } from './generate/generate-skills.js';
export type { OutputState } from './generate/inspect-skill-state.js';
export type { MakeFailure } from './generate/make-outputs.js';
export { recordFolder } from './generate/record.js';
export { writeShim, type ShimOptions, type WrittenShim } from './generate/shim.js';
export { SkillSyncError, type SkillSyncErrorCode } from './skill-sync-error.js';
export {
  discoverSkills,
  publishedOutputRoot,
  skillFolders,
  type DiscoveredSkills,
  type DiscoverSkillsOptions,
} from './skill/discover-skills.js';
export type { Skill, SkillOutput, SkillParts } from './skill/skill.js';
export {
  parseSyncManifest,
  type OutputFormat,
  type ParsedSyncManifest,
  type SyncManifest,
} from './skill/sync-manifest.js';
export { joinPatterns, matchesPattern, splitPatterns } from './store/key-pattern.js';
export { locateStore, type LocateStoreOptions, type StoreLocation } from './store/locate-store.js';
export { openStore, type OpenStoreOptions } from './store/open-store.js';
export { formatStateLine, parseStateLines } from './store/state-lines.js';
export type { ImportedEntry, StateEntry, StateOperation, Store } from './store/store.js';
export { watchStore, type WatchOptions } from './watch/watch-store.js';
