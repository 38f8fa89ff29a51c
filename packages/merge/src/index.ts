export type { DiffAlgorithm } from './compare-lines.js';
export type { WhitespaceMode } from './line-keys.js';
export { MergeError, type MergeErrorCode } from './merge-error.js';
export type { ConflictStyle, Span } from './merge-regions.js';
export {
  merge3,
  type Favor,
  type MergeOptions,
  type MergeResult,
  type MergeSides,
} from './merge3.js';
export type { Conflict, MarkerLabels } from './render-merge.js';
export type { Content } from './text-content.js';
