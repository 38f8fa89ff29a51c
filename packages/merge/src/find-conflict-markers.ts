import {
  checkArgument,
  checkLabels,
  checkOptions,
  CONTENT,
  MARKER_SIZE,
} from './check-arguments.js';
import { DEFAULT_MARKER_SIZE, MARKER_BYTES, markerLength } from './conflict-markers.js';
import { indexTexts } from './line-keys.js';
import type { MarkerLabels } from './render-merge.js';
import { toBytes, toText, type Content } from './text-content.js';

/** A line that is a conflict marker. */
export interface ConflictMarker {
  /** Which of the four: before ours, before the base, before theirs, or after theirs. */
  kind: 'ours' | 'base' | 'separator' | 'theirs';
  /** From 1. */
  line: number;
  /** How many characters it is made of. */
  size: number;
  /** What stands behind it; `''` for nothing. */
  label: string;
}

/** Which markers are looked for. */
export interface MarkerQuery {
  /** Only markers of this size; default any of 7 or more. */
  markerSize?: number;
  /** Only markers that bear the label of their side; a side left out may bear any. */
  labels?: Partial<MarkerLabels>;
}

const KINDS: ReadonlyMap<number, ConflictMarker['kind']> = new Map([
  [MARKER_BYTES.ours, 'ours'],
  [MARKER_BYTES.base, 'base'],
  [MARKER_BYTES.separator, 'separator'],
  [MARKER_BYTES.theirs, 'theirs'],
]);

/**
 * The conflict markers that a merge left in `content`, in order; none when it is resolved.
 *
 * A separator bears no label and is a heading's underline in Markdown and reStructuredText: it counts
 * only after an opening marker of its own size that no closing one has ended. The other three count
 * wherever they stand, so that a conflict of which only a part was removed is found. Give the size and
 * the labels of the merge to tell its markers from those that a document is about.
 *
 * @throws {MergeError} `invalid-argument` for a content that is none; `invalid-option`
 */
export function findConflictMarkers(content: Content, query: MarkerQuery = {}): ConflictMarker[] {
  checkArgument('content', content, CONTENT);
  checkOptions(query, { markerSize: MARKER_SIZE });
  if (query.labels !== undefined) checkLabels(query.labels, ['ours', 'base', 'theirs']);
  const { bytes, starts, count } = indexTexts([toBytes(content)], {
    whitespace: 'exact',
    ignoreEndings: false,
  }).indexes[0]!;
  const markers: ConflictMarker[] = [];
  const open = new Set<number>();
  for (let line = 0; line < count; line++) {
    const start = starts[line]!;
    const end = starts[line + 1]!;
    const size = markerLength(bytes, start, end);
    const kind = KINDS.get(bytes[start]!);
    if (size === 0 || kind === undefined) continue;
    const label = toText(bytes.subarray(start + size, end)).trim();
    if (!isWanted({ kind, line: line + 1, size, label }, query, open)) continue;
    if (kind === 'theirs') open.delete(size);
    else open.add(size);
    markers.push({ kind, line: line + 1, size, label });
  }
  return markers;
}

function isWanted(
  { kind, size, label }: ConflictMarker,
  { markerSize, labels = {} }: MarkerQuery,
  open: ReadonlySet<number>,
): boolean {
  if (markerSize === undefined ? size < DEFAULT_MARKER_SIZE : size !== markerSize) return false;
  if (kind === 'separator') return label === '' && open.has(size);
  return labels[kind] === undefined || labels[kind] === label;
}
