import { checkMergeOptions, checkSides, ENTRY } from './check-arguments.js';
import type { MergeSides } from './merge-regions.js';
import { merge3, type MergeOptions } from './merge3.js';
import type { Conflict } from './render-merge.js';
import { isSameBytes, toBytes } from './text-content.js';

/** A file as git tells them apart: text or data, executable, symbolic link, submodule. */
export type FileMode = '100644' | '100755' | '120000' | '160000';

/** One version of a file. The content of a link is its target, that of a submodule its commit. */
export interface FileEntry {
  /** What it is, and whether it is executable. */
  mode: FileMode;
  /** Its bytes; of a link the target, of a submodule the commit. */
  content: Uint8Array;
  /** Its object id, where the caller knows it; results hand it on. */
  oid?: string;
}

/** A merged file with what still conflicts inside it: nothing when `conflicts` is empty. */
interface MergedContent {
  entry: FileEntry;
  conflicts: Conflict[];
  /** Length of the markers around `conflicts`. */
  markerSize: number;
}

/**
 * What became of a file.
 *
 * - `clean`: `entry`, or no file where it is undefined.
 * - `conflicted`: both sides changed the same lines; `entry` holds markers.
 * - `added-by-both`: with different content and no base; `entry` holds markers, or ours if it is no text.
 * - `modified-deleted`: one side changed what the other removed; `entry` is the changed one.
 * - `mode-conflict`: both sides chose a mode of their own; `entry` is merged, with the mode of ours.
 * - `type-conflict`: a file against a link, or either against a submodule; `entry` is ours.
 * - `binary`, `link-conflict`: both sides changed what has no lines to merge; `entry` is ours.
 */
export type EntryMerge =
  | { kind: 'clean'; entry: FileEntry | undefined }
  | ({ kind: 'conflicted' } & MergedContent)
  | ({ kind: 'added-by-both'; theirs: FileEntry } & MergedContent)
  | { kind: 'modified-deleted'; entry: FileEntry; deletedBy: 'ours' | 'theirs' }
  | ({ kind: 'mode-conflict'; theirs: FileEntry } & MergedContent)
  | { kind: 'type-conflict'; entry: FileEntry; theirs: FileEntry }
  | { kind: 'binary'; entry: FileEntry; theirs: FileEntry }
  | { kind: 'link-conflict'; entry: FileEntry; theirs: FileEntry };

/**
 * Merges two versions of a file as a whole: content, mode, presence. An absent side is undefined. A side
 * equal to the base yields the other, whatever kind it is; a favour for one side settles every conflict.
 *
 * @throws {MergeError} `invalid-argument` for a side that is no file; `invalid-option` as `merge3`
 */
export function mergeEntry(
  sides: MergeSides<FileEntry | undefined>,
  options: MergeOptions = {},
): EntryMerge {
  checkSides(sides, ENTRY);
  checkMergeOptions(options);
  return mergeCheckedEntry(sides, options);
}

/** As {@link mergeEntry}, of arguments that were looked at before. */
export function mergeCheckedEntry(
  sides: MergeSides<FileEntry | undefined>,
  options: MergeOptions,
): EntryMerge {
  const { base, ours, theirs } = sides;
  const { favor } = options;
  if (isSameEntry(ours, theirs) || isSameEntry(base, theirs)) return { kind: 'clean', entry: ours };
  if (isSameEntry(base, ours)) return { kind: 'clean', entry: theirs };
  const merged = mergeChanged(base, ours, theirs, options);
  if (merged.kind === 'clean' || (favor !== 'ours' && favor !== 'theirs')) return merged;
  // Lines are settled already; what is left is about the file as a whole.
  const entry = sides[favor];
  return merged.kind === 'mode-conflict' && entry !== undefined
    ? { kind: 'clean', entry: { ...merged.entry, mode: entry.mode } }
    : { kind: 'clean', entry };
}

function mergeChanged(
  base: FileEntry | undefined,
  ours: FileEntry | undefined,
  theirs: FileEntry | undefined,
  options: MergeOptions,
): EntryMerge {
  if (ours === undefined) {
    return theirs === undefined
      ? { kind: 'clean', entry: undefined }
      : { kind: 'modified-deleted', entry: theirs, deletedBy: 'ours' };
  }
  if (theirs === undefined) return { kind: 'modified-deleted', entry: ours, deletedBy: 'theirs' };
  if (typeOf(ours) !== typeOf(theirs)) return { kind: 'type-conflict', entry: ours, theirs };
  if (typeOf(ours) !== 'file') return { kind: 'link-conflict', entry: ours, theirs };
  const ancestor = base !== undefined && typeOf(base) === 'file' ? base : undefined;
  return mergeFiles(ancestor, ours, theirs, options);
}

function mergeFiles(
  base: FileEntry | undefined,
  ours: FileEntry,
  theirs: FileEntry,
  options: MergeOptions,
): EntryMerge {
  const content = merge3(
    {
      base: base?.content ?? new Uint8Array(),
      ours: ours.content,
      theirs: theirs.content,
    },
    options,
  );
  const isModeOurs = theirs.mode === ours.mode || theirs.mode === base?.mode;
  const hasModeConflict = !isModeOurs && ours.mode !== base?.mode;
  const entry = {
    mode: isModeOurs || hasModeConflict ? ours.mode : theirs.mode,
    content: content.content,
  };
  const conflicts = content.kind === 'conflicted' ? content.conflicts : [];
  const markerSize = content.kind === 'conflicted' ? content.markerSize : 0;
  if (content.kind === 'binary' && base !== undefined)
    return { kind: 'binary', entry: ours, theirs };
  if (hasModeConflict) return { kind: 'mode-conflict', entry, theirs, conflicts, markerSize };
  if (content.kind === 'clean') return { kind: 'clean', entry };
  if (base === undefined) return { kind: 'added-by-both', entry, theirs, conflicts, markerSize };
  return { kind: 'conflicted', entry, conflicts, markerSize };
}

function typeOf({ mode }: FileEntry): 'file' | 'link' | 'submodule' {
  if (mode === '120000') return 'link';
  return mode === '160000' ? 'submodule' : 'file';
}

function isSameEntry(left: FileEntry | undefined, right: FileEntry | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  if (left.mode !== right.mode) return false;
  if (left.oid !== undefined && left.oid === right.oid) return true;
  return isSameBytes(toBytes(left.content), toBytes(right.content));
}
