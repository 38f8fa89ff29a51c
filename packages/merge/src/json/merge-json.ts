import type { MergeSides } from '../merge-regions.js';
import {
  mergeStructure,
  type StructureMergeOptions,
  type StructureMergeResult,
} from '../structure/merge-structure.js';
import type { Content } from '../text-content.js';
import { jsonFormat } from './json-format.js';

/**
 * Merges three versions of a JSON document as a careful person would: by line where that is clean, reads, and
 * says what the merge by key says; else by key. What only one side changed, comments, spelling and layout
 * included, is taken as that side has it; where both changed it, order and layout of ours are kept, and what
 * only theirs has is inserted behind what it follows there. Maps are equal in any order of their keys. The items of a sequence are told apart by the first of `identityKeys` that all of them have, and
 * moved as the side that moved them; items without one are merged as lines are.
 *
 * A conflict is marked around its lines and named by its path. A document that cannot be read (no JSON,
 * a key twice, nested more than 200 deep), or that would not read back as decided, is merged by line; what
 * would not read is never clean. Comments and trailing commas are allowed.
 *
 * @throws {MergeError} as `merge3`
 */
export function mergeJson(
  sides: MergeSides<string>,
  options?: StructureMergeOptions,
): StructureMergeResult<string>;
export function mergeJson(
  sides: MergeSides<Uint8Array>,
  options?: StructureMergeOptions,
): StructureMergeResult<Uint8Array>;
export function mergeJson(
  sides: MergeSides<Content>,
  options: StructureMergeOptions = {},
): StructureMergeResult {
  return mergeStructure(jsonFormat, sides, options);
}
