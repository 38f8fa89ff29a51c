import type { MergeSides } from '../merge-regions.js';
import {
  mergeStructure,
  type StructureMergeOptions,
  type StructureMergeResult,
} from '../structure/merge-structure.js';
import type { Content } from '../text-content.js';
import { yamlFormat } from './yaml-format.js';

/**
 * Merges three versions of a YAML file as `mergeJson` does JSON. Comments belong to the entry below or beside
 * them; numbers and truth values are what they are spelled as (`644` is not `0644`, `no` not `"no"`). The
 * documents of a file are paired by `documentKeys`. An alias is compared by its name and never followed.
 *
 * Merged by line, with the reason said: what is no YAML, has a key twice or one that is no scalar, is
 * empty, longer than 4 million characters or nested more than 200 deep, has an alias without its anchor or
 * documents that cannot be told apart, and whatever would not read back as it was decided. What would not
 * read is never clean.
 *
 * @throws {MergeError} as `merge3`
 */
export function mergeYaml(
  sides: MergeSides<string>,
  options?: StructureMergeOptions,
): StructureMergeResult<string>;
export function mergeYaml(
  sides: MergeSides<Uint8Array>,
  options?: StructureMergeOptions,
): StructureMergeResult<Uint8Array>;
export function mergeYaml(
  sides: MergeSides<Content>,
  options: StructureMergeOptions = {},
): StructureMergeResult {
  return mergeStructure(yamlFormat, sides, options);
}
