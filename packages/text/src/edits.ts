import type { Span } from './place.js';

/** Replace what is between two offsets (UTF-16 units, `end` exclusive) by a text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A part of the result that differs from the source: offsets in UTF-16 units, `end` exclusive. */
export interface MappedEdit {
  readonly source: Span;
  readonly target: Span;
}

/**
 * Which parts of a transformed text come from where in the source: everything between two entries was
 * copied as it stands. Sorted; no two entries overlap.
 */
export type SourceMap = readonly MappedEdit[];

/**
 * Applies edits, which are sorted and do not overlap, to a text. What lies outside of them is copied as it stands: line
 * ends, a byte order mark, a missing last line feed.
 *
 * @throws RangeError for edits that are not sorted, overlap, or reach beyond the text
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let position = 0;
  for (const edit of edits) {
    if (edit.start < position || edit.end < edit.start || edit.end > text.length) {
      throw new RangeError(`the edit at ${edit.start} overlaps another, or lies beyond the text`);
    }
    result += text.slice(position, edit.start) + edit.text;
    position = edit.end;
  }
  return result + text.slice(position);
}

/** Sorts edits by place; of two at one place, the one that only inserts comes first. */
export function sortEdits(edits: readonly Edit[]): Edit[] {
  return [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The source map of one list of edits. */
export function mapEdits(edits: readonly Edit[]): SourceMap {
  let shift = 0;
  return edits.map(({ start, end, text }) => {
    const target = { start: start + shift, end: start + shift + text.length };
    shift += text.length - (end - start);
    return { source: { start, end }, target };
  });
}

/**
 * The map of two transformations, one after the other. Where a part that the first one wrote is touched
 * by the second, the two become one entry.
 */
export function composeMaps(first: SourceMap, second: SourceMap): SourceMap {
  if (first.length === 0) return second;
  if (second.length === 0) return first;
  const merged: MappedEdit[] = [];
  let nextFirst = 0;
  let nextSecond = 0;
  let firstShift = 0; // first's target minus its source, after the entries taken
  let secondShift = 0; // second's target minus its source, likewise
  while (nextFirst < first.length || nextSecond < second.length) {
    // A group is a run of entries that overlap or touch in the text between the two transformations.
    const middleStart = Math.min(
      first[nextFirst]?.target.start ?? Infinity,
      second[nextSecond]?.source.start ?? Infinity,
    );
    const sourceStart = middleStart - firstShift;
    const targetStart = middleStart + secondShift;
    let middleEnd = middleStart;
    for (;;) {
      const one = first[nextFirst];
      const two = second[nextSecond];
      if (one !== undefined && one.target.start <= middleEnd) {
        middleEnd = Math.max(middleEnd, one.target.end);
        firstShift = one.target.end - one.source.end;
        nextFirst++;
      } else if (two !== undefined && two.source.start <= middleEnd) {
        middleEnd = Math.max(middleEnd, two.source.end);
        secondShift = two.target.end - two.source.end;
        nextSecond++;
      } else break;
    }
    merged.push({
      source: { start: sourceStart, end: middleEnd - firstShift },
      target: { start: targetStart, end: middleEnd + secondShift },
    });
  }
  return merged;
}

/**
 * Carries a range of the transformed text back to the source. Where the range touches a part that was
 * rewritten, the whole of what that part came from is included, for there is no finer answer.
 *
 * @returns Offsets in the source, in UTF-16 units, `end` exclusive.
 */
export function mapToSource(map: SourceMap, range: Span): Span {
  return { start: mapOffset(map, range.start, 'start'), end: mapOffset(map, range.end, 'end') };
}

function mapOffset(map: SourceMap, offset: number, side: 'start' | 'end'): number {
  const index = firstAfter(map, side === 'start' ? offset : offset - 1);
  const entry = map[index];
  const inside =
    entry !== undefined && entry.target.start < (side === 'start' ? offset + 1 : offset);
  if (inside) return entry.source[side];
  const before = map[index - 1];
  return before === undefined ? offset : offset + before.source.end - before.target.end;
}

/** The first entry whose target ends after an offset. */
function firstAfter(map: SourceMap, offset: number): number {
  let low = 0;
  let high = map.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((map[middle] as MappedEdit).target.end <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
