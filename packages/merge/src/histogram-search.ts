import type { LineChange } from './line-change.js';

/** Lines that occur more often than this in the part looked at do not anchor a match. */
const MAX_OCCURRENCES = 64;
/** The search may look at this many lines for each line of the texts; past it the fallback does the rest. */
const WORK_PER_LINE = 200;

/**
 * Marks the changes from `a` to `b` by the histogram algorithm, as JGit's and imara-diff's documentation
 * describe it: of all common runs of lines take the one that holds the rarest line, the longest of
 * several; then do the same before and after it. A part in which only frequent lines are common, or that
 * is reached after the search has used up its work, is left to `fallBack`: time is linear in the work
 * allowed, 200 steps a line.
 *
 * @param classes ids are below it
 */
export function markHistogramChanges(
  a: Int32Array,
  changedA: Uint8Array,
  b: Int32Array,
  changedB: Uint8Array,
  classes: number,
  fallBack: (box: LineChange) => void,
): void {
  const search = new HistogramSearch(a, b, classes);
  const boxes: LineChange[] = [{ aStart: 0, aEnd: a.length, bStart: 0, bEnd: b.length }];
  for (let box = boxes.pop(); box !== undefined; box = boxes.pop()) {
    if (box.aStart === box.aEnd || box.bStart === box.bEnd) {
      changedA.fill(1, box.aStart, box.aEnd);
      changedB.fill(1, box.bStart, box.bEnd);
      continue;
    }
    const found = search.findRun(box);
    if (found === 'crowded') fallBack(box);
    else if (found === 'different') {
      changedA.fill(1, box.aStart, box.aEnd);
      changedB.fill(1, box.bStart, box.bEnd);
    } else {
      boxes.push(
        { aStart: found.aEnd, aEnd: box.aEnd, bStart: found.bEnd, bEnd: box.bEnd },
        { aStart: box.aStart, aEnd: found.aStart, bStart: box.bStart, bEnd: found.bStart },
      );
    }
  }
}

class HistogramSearch {
  #a: Int32Array;
  #b: Int32Array;
  /** For each id its number of occurrences in the box of `a`, and the first of them. */
  #count: Int32Array;
  #first: Int32Array;
  /** For each line of `a` the next in the box that equals it, or −1. */
  #next: Int32Array;
  #work: number;
  #best: LineChange = { aStart: 0, aEnd: 0, bStart: 0, bEnd: 0 };
  #rarity = 0;
  #anyCommon = false;

  constructor(a: Int32Array, b: Int32Array, classes: number) {
    this.#a = a;
    this.#b = b;
    this.#count = new Int32Array(classes);
    this.#first = new Int32Array(classes);
    this.#next = new Int32Array(a.length);
    this.#work = WORK_PER_LINE * (a.length + b.length);
  }

  /** The run of equal lines to keep in the box; its ends are excluded. */
  findRun(box: LineChange): LineChange | 'crowded' | 'different' {
    this.#work -= box.aEnd - box.aStart + (box.bEnd - box.bStart);
    if (this.#work < 0) return 'crowded';
    this.#index(box);
    this.#best = { aStart: 0, aEnd: 0, bStart: 0, bEnd: 0 };
    this.#rarity = MAX_OCCURRENCES + 1;
    this.#anyCommon = false;
    for (let line = box.bStart; line < box.bEnd;) line = this.#tryLine(box, line);
    for (let line = box.aStart; line < box.aEnd; line++) this.#count[this.#a[line]!] = 0;
    if (this.#rarity <= MAX_OCCURRENCES) return this.#best;
    return this.#anyCommon ? 'crowded' : 'different';
  }

  #index(box: LineChange): void {
    for (let line = box.aEnd - 1; line >= box.aStart; line--) {
      const id = this.#a[line]!;
      this.#next[line] = this.#count[id]!++ === 0 ? -1 : this.#first[id]!;
      this.#first[id] = line;
    }
  }

  /** Widens every match of a line of `b`, keeps the best; returns the next line of `b` worth trying. */
  #tryLine(box: LineChange, line: number): number {
    const id = this.#b[line]!;
    const occurrences = this.#count[id]!;
    if (occurrences === 0) return line + 1;
    this.#anyCommon = true;
    if (occurrences > this.#rarity) return line + 1;
    let nextLine = line + 1;
    for (let at = this.#first[id]!; at >= 0;) {
      const end = this.#tryMatch(box, at, line);
      nextLine = Math.max(nextLine, end - at + line);
      while (at >= 0 && at < end) at = this.#next[at]!;
    }
    return nextLine;
  }

  /** Widens the match of line `i` of `a` with line `j` of `b`; returns where it ends in `a`. */
  #tryMatch(box: LineChange, i: number, j: number): number {
    const a = this.#a;
    const b = this.#b;
    let rarity = this.#count[a[i]!]!;
    let aStart = i;
    let bStart = j;
    while (aStart > box.aStart && bStart > box.bStart && a[aStart - 1] === b[bStart - 1]) {
      aStart--;
      bStart--;
      rarity = Math.min(rarity, this.#count[a[aStart]!]!);
    }
    let aEnd = i + 1;
    let bEnd = j + 1;
    while (aEnd < box.aEnd && bEnd < box.bEnd && a[aEnd] === b[bEnd]) {
      rarity = Math.min(rarity, this.#count[a[aEnd]!]!);
      aEnd++;
      bEnd++;
    }
    this.#work -= aEnd - aStart;
    if (rarity < this.#rarity || aEnd - aStart > this.#best.aEnd - this.#best.aStart) {
      this.#best = { aStart, aEnd, bStart, bEnd };
      this.#rarity = rarity;
    }
    return aEnd;
  }
}
