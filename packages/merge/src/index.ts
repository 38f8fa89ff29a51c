export type { DiffAlgorithm } from './compare-lines.js';
export { applyDiff, diff, groupHunks, type DiffOptions, type Edit, type Hunk } from './diff.js';
export {
  findConflictMarkers,
  type ConflictMarker,
  type MarkerQuery,
} from './find-conflict-markers.js';
export { findRenames, type RenameOptions } from './find-renames.js';
export { formatUnified, type UnifiedOptions } from './format-unified.js';
export { mergeJson } from './json/merge-json.js';
export type { WhitespaceMode } from './line-keys.js';
export { mergeEntry, type EntryMerge, type FileEntry, type FileMode } from './merge-entry.js';
export { MergeError, type MergeErrorCode } from './merge-error.js';
export type { ConflictStyle, MergeSides, Span } from './merge-regions.js';
export { mergeTree, type FileTree, type TreeMergeOptions, type TreeOutcome } from './merge-tree.js';
export { merge3, type Favor, type MergeOptions, type MergeResult } from './merge3.js';
export type { Conflict, MarkerLabels } from './render-merge.js';
export type { Content } from './text-content.js';
export type { StructureMergeOptions, StructureMergeResult } from './structure/merge-structure.js';
export type { PathConflict } from './structure/merge-values.js';
