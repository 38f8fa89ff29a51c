import { LineComparer, type DiffAlgorithm } from './compare-lines.js';
import { checkMergeOptions, checkSides, CONTENT } from './check-arguments.js';
import { chooseMarkerSize, DEFAULT_MARKER_SIZE } from './conflict-markers.js';
import { isBinary, type Encoding } from './is-binary.js';
import {
  isSameConventions,
  pickLineEnding,
  readConventions,
  withByteOrderMark,
  type Conventions,
} from './line-endings.js';
import { indexTexts, type WhitespaceMode } from './line-keys.js';
import {
  findRegions,
  type ConflictStyle,
  type IndexedSides,
  type MergeSides,
  type Region,
} from './merge-regions.js';
import { renderMerge, type Conflict, type MarkerLabels } from './render-merge.js';
import { isSameBytes, toBytes, toText, type Content } from './text-content.js';

/** Which side wins where both changed the same lines; `union` keeps both, ours first. */
export type Favor = 'ours' | 'theirs' | 'union';

/** How versions are merged; all is optional. */
export interface MergeOptions {
  /** What a conflict shows; default `merge`. */
  style?: ConflictStyle;
  /** What is written behind the markers; default `ours`, `base`, `theirs`, and `''` writes nothing. */
  labels?: Partial<MarkerLabels>;
  /** Length of a marker; default 7, or the next size that no line of the three texts could be mistaken for. */
  markerSize?: number;
  /** Settles conflicts instead of marking them; default none. */
  favor?: Favor;
  /** Default `myers`, as `git merge-file`; `git merge` compares by `histogram`. */
  algorithm?: DiffAlgorithm;
  /** Default `exact`. Where lines count as equal, ours is kept. */
  whitespace?: WhitespaceMode;
  /**
   * What happens when sides differ in line endings, byte order mark or final newline. `ours` (default):
   * where that makes more lines conflict, it is set aside, and the result follows ours. `exact`: it is a
   * difference like any other, as for git.
   */
  conventions?: 'ours' | 'exact';
  /**
   * What counts as text. `bytes` (default): lines of any bytes but NUL, as for git, so that files in Latin-1
   * or Shift JIS merge too; sides in different encodings are not told apart. `utf-8`: only valid UTF-8.
   */
  encoding?: Encoding;
}

/**
 * `clean`: merged. `conflicted`: `content` holds markers of `markerSize` characters around each of the
 * `conflicts`, in order. `binary`: both sides changed and at least one of the three is no text; `content`
 * is ours, untouched.
 */
export type MergeResult<T extends Content = Content> =
  | { kind: 'clean'; content: T }
  | { kind: 'conflicted'; content: T; conflicts: Conflict[]; markerSize: number }
  | { kind: 'binary'; content: T };

/**
 * Merges the changes of two versions of a text since their common ancestor.
 *
 * The result is byte for byte that of `git merge-file -p` with the same style, labels, marker size and
 * favour, but for two rules, each with an option that turns it off: `conventions` and the default of
 * `markerSize`. A content with a NUL is binary wherever it stands (git looks at 8,000 bytes). A side equal
 * to the base yields the other side, whatever it holds.
 *
 * Bytes in, bytes out; strings in, strings out, lone surrogates kept. Time is about linear in the size of
 * the texts and bounded by O(lines · max(256, √lines)) for any; memory is linear.
 *
 * @throws {MergeError} `invalid-argument` for a side that is neither string nor bytes; `invalid-option` for an
 *   option of a value that it does not have, such as a label of several lines
 */
export function merge3(sides: MergeSides<string>, options?: MergeOptions): MergeResult<string>;
export function merge3(
  sides: MergeSides<Uint8Array>,
  options?: MergeOptions,
): MergeResult<Uint8Array>;
export function merge3(sides: MergeSides<Content>, options?: MergeOptions): MergeResult;
export function merge3(sides: MergeSides<Content>, options: MergeOptions = {}): MergeResult {
  checkSides(sides, CONTENT);
  checkMergeOptions(options);
  const base = toBytes(sides.base);
  const ours = toBytes(sides.ours);
  const theirs = toBytes(sides.theirs);
  if (isSameBytes(theirs, base) || isSameBytes(theirs, ours)) {
    return { kind: 'clean', content: sides.ours };
  }
  if (isSameBytes(ours, base)) return { kind: 'clean', content: sides.theirs };
  const { encoding = 'bytes' } = options;
  if ([sides.base, sides.ours, sides.theirs].some((side) => isBinary(side, encoding))) {
    return mergeBinary(sides, options);
  }
  const merged = mergeTexts({ base, ours, theirs }, options);
  const asText = typeof sides.ours === 'string' && typeof sides.theirs === 'string';
  return asText ? { ...merged, content: toText(merged.content) } : merged;
}

function mergeBinary(sides: MergeSides<Content>, { favor }: MergeOptions): MergeResult {
  if (favor === 'ours' || favor === 'theirs') return { kind: 'clean', content: sides[favor] };
  return { kind: 'binary', content: sides.ours };
}

/** A way to merge the sides: as they are, or with their conventions set aside. */
interface Alignment {
  sides: IndexedSides;
  regions: Region[];
}

function mergeTexts(
  sides: MergeSides<Uint8Array>,
  options: MergeOptions,
): MergeResult<Uint8Array> & { kind: 'clean' | 'conflicted' } {
  const exact = align(sides, options, false);
  if (options.conventions === 'exact' || conflictedLines(exact) === 0) {
    return render(exact, options, undefined);
  }
  const conventions = [exact.sides.ours, exact.sides.base, exact.sides.theirs].map(readConventions);
  if (conventions.every((other) => isSameConventions(conventions[0]!, other))) {
    return render(exact, options, undefined);
  }
  const plain = {
    base: withByteOrderMark(sides.base, false),
    ours: withByteOrderMark(sides.ours, false),
    theirs: withByteOrderMark(sides.theirs, false),
  };
  const relaxed = align(plain, options, true);
  return conflictedLines(relaxed) < conflictedLines(exact)
    ? render(relaxed, options, conventions)
    : render(exact, options, undefined);
}

function align(
  { base, ours, theirs }: MergeSides<Uint8Array>,
  { style = 'merge', algorithm = 'myers', whitespace = 'exact' }: MergeOptions,
  ignoreEndings: boolean,
): Alignment {
  const { classes, indexes } = indexTexts([base, ours, theirs], { whitespace, ignoreEndings });
  const sides = { base: indexes[0]!, ours: indexes[1]!, theirs: indexes[2]! };
  return { sides, regions: findRegions(sides, new LineComparer(classes, algorithm), style) };
}

function conflictedLines({ regions }: Alignment): number {
  let lines = 0;
  for (const { kind, ours, theirs } of regions) {
    if (kind === 'conflict') lines += 1 + ours.end - ours.start + theirs.end - theirs.start;
  }
  return lines;
}

/** @param conventions those of ours, base and theirs where the result follows ours; else it follows each line */
function render(
  { sides, regions }: Alignment,
  options: MergeOptions,
  conventions: Conventions[] | undefined,
): MergeResult<Uint8Array> & { kind: 'clean' | 'conflicted' } {
  const { style = 'merge', favor = 'none', labels } = options;
  const markerSize = options.markerSize ?? ownMarkerSize(sides, regions);
  const { bytes, conflicts } = renderMerge(sides, regions, {
    style,
    favor,
    markerSize,
    labels: { ours: 'ours', base: 'base', theirs: 'theirs', ...labels },
    lineEnding: conventions && pickLineEnding(conventions),
    finalNewline: conventions?.[0]!.finalNewline,
  });
  const content = withByteOrderMarkOf(conventions?.[0], bytes);
  return conflicts.length === 0
    ? { kind: 'clean', content }
    : { kind: 'conflicted', content, conflicts, markerSize };
}

/** The texts are only searched for what looks like a marker where one will be written. */
function ownMarkerSize({ base, ours, theirs }: IndexedSides, regions: readonly Region[]): number {
  return regions.some(({ kind }) => kind === 'conflict')
    ? chooseMarkerSize([base, ours, theirs])
    : DEFAULT_MARKER_SIZE;
}

function withByteOrderMarkOf(ours: Conventions | undefined, bytes: Uint8Array): Uint8Array {
  return ours === undefined ? bytes : withByteOrderMark(bytes, ours.byteOrderMark);
}
