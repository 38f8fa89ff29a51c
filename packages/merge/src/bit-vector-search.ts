import type { LineChange } from './line-change.js';
import { grown } from './line-interner.js';

/** How large a table may get, in lines of both texts and in points: so it takes less than 50 MB. */
export const MAX_TABLE_LINES = 1 << 14;
export const MAX_TABLE_POINTS = 1 << 26;

/**
 * Finds on a table of common subsequence lengths what the search by diagonals finds by following each of
 * them. A word of the table holds 32 points, and a row without a match costs nothing, so this is the faster
 * way where runs of equal lines are short.
 *
 * The table is that of Crochemore, Iliopoulos, Pinzon and Reid, "A Fast and Practical Bit-Vector Algorithm
 * for the Longest Common Subsequence Problem" (Information Processing Letters 80, 2001): L(x, y) is the
 * length for the first `x` and `y` lines from a corner of a box, and row `y` has a bit for each `x`, 0 where
 * L(x + 1, y) is greater than L(x, y). A path from the corner to a point has at least x + y − 2 L(x, y) edits. Only the words that may hold
 * points within a given number of edits are there: what L is elsewhere cannot bring more points within it.
 */
export class BitVectorSearch {
  #a: Int32Array;
  #b: Int32Array;
  /** For each id what it has in `#masks`: 0 nothing, −1 nothing yet, else its offset from 1. */
  #maskAt: Int32Array;
  /** Bit vectors of where in `a` an id is. */
  #masks: Int32Array = new Int32Array(1024);
  /** For each row the words that it has, from the first to before the last, and where word 0 would be. */
  #rowAt: Int32Array = new Int32Array(64);
  #rowFirst: Int32Array = new Int32Array(64);
  #rowEnd: Int32Array = new Int32Array(64);
  /** The words of the rows, and L at the start of each. */
  #words: Int32Array = new Int32Array(1024);
  #lengths: Int32Array = new Int32Array(1024);
  /** The last row: of those after it no point is within the edits asked for. */
  #rows = 0;

  constructor(a: Int32Array, b: Int32Array) {
    this.#a = a;
    this.#b = b;
    this.#maskAt = new Int32Array(1 + Math.max(largest(a), largest(b)));
  }

  /** How many edits lead from one corner of a box to the other; more than `limit` if more than that. */
  measure({ aStart, aEnd, bStart, bEnd }: LineChange, limit: number): number {
    const width = aEnd - aStart;
    const height = bEnd - bStart;
    this.#fillTable(aStart, width, bStart, height, 1, limit, width, height);
    return this.#edits(width, height);
  }

  /**
   * Fills in how far `cost` edits lead from a corner of a box on its diagonals: `frontier[zero + i − j]` is
   * the greatest `i`, from the end of the box the least. Diagonals that they do not lead to are left alone.
   *
   * @param every 2 for the diagonals that exactly `cost` edits lead to, 1 for those in between too
   * @param reach how many lines the table may be wide and high
   * @returns the greatest number of lines, of both texts, that they lead over; −1 if `reach` is too little
   */
  fillFrontier(
    { aStart, aEnd, bStart, bEnd }: LineChange,
    fromEnd: boolean,
    cost: number,
    every: 1 | 2,
    reach: number,
    frontier: Int32Array,
    zero: number,
  ): number {
    const step = fromEnd ? -1 : 1;
    const width = aEnd - aStart;
    const height = bEnd - bStart;
    const aFrom = fromEnd ? aEnd - 1 : aStart;
    const bFrom = fromEnd ? bEnd - 1 : bStart;
    if (!this.#fillTable(aFrom, width, bFrom, height, step, cost, reach, reach)) return -1;
    const corner = fromEnd ? aEnd : aStart;
    const cornerAt = zero + corner - (fromEnd ? bEnd : bStart);
    const lowest = -Math.min(cost, height);
    let furthest = 0;
    let x = Math.min(cost, width);
    let diagonal = x;
    if (((cost - diagonal) & (every - 1)) !== 0) diagonal--;
    for (; diagonal >= lowest; diagonal -= every) {
      x = this.#lastWithin(diagonal, cost, x, Math.min(width, this.#rows + diagonal));
      frontier[fromEnd ? cornerAt - diagonal : cornerAt + diagonal] = fromEnd
        ? corner - x
        : corner + x;
      if (2 * x - diagonal > furthest) furthest = 2 * x - diagonal;
    }
    return furthest;
  }

  /** The greatest `x` on `diagonal`, at most `last`, within `cost` edits; looked for from near `x` on. */
  #lastWithin(diagonal: number, cost: number, x: number, last: number): number {
    let within = Math.max(0, diagonal);
    let beyond = last + 1;
    let at = Math.min(Math.max(x, within), last);
    if (this.#edits(at, at - diagonal) <= cost) {
      for (let step = 1; ; step *= 2) {
        within = at;
        at += step;
        if (at >= beyond) break;
        if (this.#edits(at, at - diagonal) > cost) {
          beyond = at;
          break;
        }
      }
    } else {
      for (let step = 1; ; step *= 2) {
        beyond = at;
        at -= step;
        if (at <= within) break;
        if (this.#edits(at, at - diagonal) <= cost) {
          within = at;
          break;
        }
      }
    }
    while (beyond - within > 1) {
      at = (within + beyond) >> 1;
      if (this.#edits(at, at - diagonal) <= cost) within = at;
      else beyond = at;
    }
    return within;
  }

  #edits(x: number, y: number): number {
    return x + y - 2 * this.#commonLength(x, y);
  }

  /** L(x, y); −1 for points that the table does not have. */
  #commonLength(x: number, y: number): number {
    const word = x >> 5;
    if (y > this.#rows || word < this.#rowFirst[y]! || word >= this.#rowEnd[y]!) return -1;
    const at = this.#rowAt[y]! + word;
    return this.#lengths[at]! + countBits(~this.#words[at]! & ~(-1 << (x & 31)));
  }

  /**
   * Fills the table with all points within `cost` edits of the corner.
   *
   * @returns whether these are all in its first `maxWidth` columns and `maxHeight` rows
   */
  #fillTable(
    aFrom: number,
    aLength: number,
    bFrom: number,
    bLength: number,
    step: number,
    cost: number,
    maxWidth: number,
    maxHeight: number,
  ): boolean {
    const width = Math.min(aLength, maxWidth);
    const height = Math.min(bLength, maxHeight);
    const rowWords = (width >> 5) + 1;
    this.#fillMasks(aFrom, width, bFrom, height, step, rowWords);
    this.#reserve(height + 1, 2 * rowWords);
    const b = this.#b;
    const maskAt = this.#maskAt;
    const masks = this.#masks;
    let words = this.#words;
    let lengths = this.#lengths;
    let first = 0;
    let end = Math.min(rowWords, (cost >> 5) + 1);
    /** L at the end of the last word. */
    let endLength = 0;
    let row = 0;
    let size = end;
    words.fill(-1, 0, end);
    lengths.fill(0, 0, end);
    this.#setRow(0, row, first, end);
    let isInside = true;
    let y = 0;
    let bAt = bFrom;
    while (y < height) {
      const mask = maskAt[b[bAt]!]! - 1;
      bAt += step;
      y++;
      if (mask >= 0) {
        if (size + rowWords > words.length) {
          this.#reserve(height + 1, 2 * (size + rowWords));
          words = this.#words;
          lengths = this.#lengths;
        }
        const before = row;
        row = size - first;
        let carry = 0;
        for (let word = first; word < end; word++) {
          const old = words[before + word]!;
          const matches = masks[mask + word]!;
          lengths[row + word] = lengths[before + word]! + carry;
          const kept = old & matches;
          const sum = (old + kept + carry) | 0;
          carry = (kept | (old & ~sum)) >>> 31;
          words[row + word] = sum | (old & ~matches);
        }
        endLength += carry;
        for (; end < rowWords && 32 * end + y - 2 * endLength <= cost; end++) {
          // A word that the row before does not have: its points were all too far.
          const matches = masks[mask + end]!;
          lengths[row + end] = endLength;
          endLength -= carry;
          const sum = (matches - 1 + carry) | 0;
          carry = (matches | ~sum) >>> 31;
          endLength += carry;
          words[row + end] = sum | ~matches;
        }
        size = row + end;
      }
      if (end === rowWords && width < aLength && width + y - 2 * endLength <= cost)
        isInside = false;
      while (end > first && 32 * (end - 1) + y - 2 * lengths[row + end - 1]! > cost + 32) {
        end--;
        endLength = lengths[row + end]!;
      }
      while (
        first < end &&
        32 * (first + 1) + y - 2 * (first + 1 < end ? lengths[row + first + 1]! : endLength) >
          cost + 32
      ) {
        first++;
      }
      this.#setRow(y, row, first, end);
      if (!isInside || first === end) break;
    }
    if (first < end && height < bLength) isInside = false;
    this.#rows = y;
    for (let line = 0, at = bFrom; line < height; line++, at += step) maskAt[b[at]!] = 0;
    return isInside;
  }

  #setRow(y: number, at: number, first: number, end: number): void {
    this.#rowAt[y] = at;
    this.#rowFirst[y] = first;
    this.#rowEnd[y] = end;
  }

  #reserve(rows: number, words: number): void {
    if (rows > this.#rowAt.length) {
      this.#rowAt = new Int32Array(2 * rows);
      this.#rowFirst = new Int32Array(2 * rows);
      this.#rowEnd = new Int32Array(2 * rows);
    }
    if (words > this.#words.length) {
      this.#words = grown(this.#words, words);
      this.#lengths = grown(this.#lengths, words);
    }
  }

  /** Makes the bit vectors of the ids that both windows have. */
  #fillMasks(
    aFrom: number,
    width: number,
    bFrom: number,
    height: number,
    step: number,
    words: number,
  ): void {
    const a = this.#a;
    const b = this.#b;
    const maskAt = this.#maskAt;
    for (let y = 0, at = bFrom; y < height; y++, at += step) maskAt[b[at]!] = -1;
    let size = 0;
    for (let x = 0, line = aFrom; x < width; x++, line += step) {
      const id = a[line]!;
      let at = maskAt[id]!;
      if (at === 0) continue;
      if (at < 0) {
        at = maskAt[id] = size + 1;
        size += words;
        if (size > this.#masks.length) this.#masks = grown(this.#masks, 2 * size);
        this.#masks.fill(0, size - words, size);
      }
      this.#masks[at - 1 + (x >> 5)]! |= 1 << (x & 31);
    }
  }
}

function largest(ids: Int32Array): number {
  let result = 0;
  for (const id of ids) if (id > result) result = id;
  return result;
}

function countBits(bits: number): number {
  let count = bits - ((bits >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
