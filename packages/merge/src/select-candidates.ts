import { coarseSquareRoot } from './coarse-square-root.js';

/** How far around a crowded line is looked for lines without a match. */
const WINDOW = 100;
/** No line is crowded that has fewer matches than the root of the line count, and none needs more than this. */
const CROWD_LIMIT = 1024;
/** A crowded line is dropped when fewer than one line in this many around it is crowded too. */
const CROWD_SHARE = 4;

const UNMATCHED = 0;
const MATCHED = 1;
const CROWDED = 2;

/**
 * The lines of `ids[start … end]` that are worth searching; the others are marked changed at once.
 *
 * Dropped are lines that the other text does not have, and lines that it has very often (about √n times
 * or more) in the midst of lines that it does not have: matching those would only tear hunks apart. This
 * is the preprocessing of GNU diff as its authors describe it; it shortens the search by as much as the
 * texts differ, at the price of a script that is sometimes not the shortest.
 *
 * @param occurrences how often the other text holds each id
 */
export function selectCandidates(
  ids: Int32Array,
  start: number,
  end: number,
  occurrences: Int32Array,
  changed: Uint8Array,
): Int32Array {
  const limit = Math.min(coarseSquareRoot(ids.length), CROWD_LIMIT);
  const states = new Uint8Array(end - start);
  let anyUnmatched = false;
  for (let line = start; line < end; line++) {
    const count = occurrences[ids[line]!]!;
    states[line - start] = count === 0 ? UNMATCHED : count >= limit ? CROWDED : MATCHED;
    if (count === 0) anyUnmatched = true;
  }
  const selected = new Int32Array(end - start);
  let size = 0;
  for (let index = 0; index < states.length; index++) {
    const state = states[index]!;
    const isDropped =
      state === UNMATCHED || (state === CROWDED && anyUnmatched && isLostInChanges(states, index));
    if (isDropped) changed[start + index] = 1;
    else selected[size++] = start + index;
  }
  return selected.subarray(0, size);
}

/** Whether the crowded line at `index` stands among lines without a match, on both sides, and few crowded ones. */
function isLostInChanges(states: Uint8Array, index: number): boolean {
  const first = Math.max(0, index - WINDOW);
  let unmatchedBefore = 0;
  let crowded = 2;
  for (let at = index - 1; at >= first && states[at] !== MATCHED; at--) {
    if (states[at] === UNMATCHED) unmatchedBefore++;
    else crowded++;
  }
  if (unmatchedBefore === 0) return false;
  const last = Math.min(states.length - 1, index + WINDOW);
  let unmatchedAfter = 0;
  for (let at = index + 1; at <= last && states[at] !== MATCHED; at++) {
    if (states[at] === UNMATCHED) unmatchedAfter++;
    else crowded++;
  }
  if (unmatchedAfter === 0) return false;
  return crowded * CROWD_SHARE < crowded + unmatchedBefore + unmatchedAfter;
}
