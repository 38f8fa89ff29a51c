import type { LineChange } from './line-change.js';
import { countEqual, LINES_PER_WORD, packLines, type PackedLines } from './packed-lines.js';

/** A run of matching lines longer than this is a sign of a good path. */
export const GOOD_SNAKE = 20;
/** Where a search has not come to: further than any line, and still an integer when doubled. */
const NO_LINE = 0x3fffffff;

/**
 * How far two searches have come on each diagonal `i − j` of a box of lines: one from its start forward,
 * one from its end back. Each step is one edit more on every second diagonal, and the equal lines after it.
 */
export class Frontiers {
  /** At `zero + diagonal` the greatest `i` come to, or the least. */
  readonly forward: Int32Array;
  readonly backward: Int32Array;
  readonly zero: number;
  /** The diagonals that the last step was made on, or next to which it was. */
  forwardLow = 0;
  forwardHigh = 0;
  backwardLow = 0;
  backwardHigh = 0;
  /** The greatest `i + j` that may have been come to, and the least: where these do not meet no paths do. */
  forwardSum = 0;
  backwardSum = 0;
  /** Whether a run longer than {@link GOOD_SNAKE} was followed since this was reset. */
  hasGoodSnake = false;

  #a: Int32Array;
  #b: Int32Array;
  /** `null` when the texts have too many different lines. */
  #packed: PackedLines | null | undefined;
  #box: LineChange = { aStart: 0, aEnd: 0, bStart: 0, bEnd: 0 };

  constructor(a: Int32Array, b: Int32Array) {
    this.#a = a;
    this.#b = b;
    this.forward = new Int32Array(a.length + b.length + 3);
    this.backward = new Int32Array(a.length + b.length + 3);
    this.zero = b.length + 1;
  }

  /** Compares several lines at once from now on, if the texts allow it: worth its while in a long search. */
  pack(): void {
    if (this.#packed === undefined) this.#packed = packLines(this.#a, this.#b) ?? null;
  }

  /** Begins both searches. */
  start(box: LineChange): void {
    const { aStart, aEnd, bStart, bEnd } = box;
    this.#box = box;
    this.forwardLow = this.forwardHigh = aStart - bStart;
    this.backwardLow = this.backwardHigh = aEnd - bEnd;
    this.forward[this.zero + this.forwardLow] = aStart;
    this.backward[this.zero + this.backwardLow] = aEnd;
    this.forwardSum = aStart + bStart;
    this.backwardSum = aEnd + bEnd;
    this.hasGoodSnake = false;
  }

  /** Goes on as after so many steps from the start and from the end, whose frontiers have been filled in. */
  resume(stepsForward: number, stepsBack: number): void {
    const { aStart, aEnd, bStart, bEnd } = this.#box;
    const lowest = aStart - bEnd;
    // Taken from 0: the negative of 0 is no integer to the engine, and all steps after it would be slow.
    this.forwardLow = lowestDiagonal(aStart - bStart, stepsForward, lowest);
    this.forwardHigh = 0 - lowestDiagonal(bStart - aStart, stepsForward, bStart - aEnd);
    this.backwardLow = lowestDiagonal(aEnd - bEnd, stepsBack, lowest);
    this.backwardHigh = 0 - lowestDiagonal(bEnd - aEnd, stepsBack, bStart - aEnd);
    this.forwardSum = aEnd + bEnd;
    this.backwardSum = aStart + bStart;
    this.hasGoodSnake = false;
  }

  stepForward(): void {
    const { aStart, aEnd, bStart, bEnd } = this.#box;
    // A diagonal outside the box is never entered: the range shrinks on that side instead.
    if (this.forwardLow > aStart - bEnd) this.forward[this.zero + --this.forwardLow - 1] = -1;
    else this.forwardLow++;
    if (this.forwardHigh < aEnd - bStart) this.forward[this.zero + ++this.forwardHigh + 1] = -1;
    else this.forwardHigh--;
    const { forwardLow, forwardHigh, forwardSum } = this;
    this.forwardSum = this.#extendForward(forwardLow, forwardHigh, aEnd, bEnd, forwardSum + 1);
  }

  stepBack(): void {
    const { aStart, aEnd, bStart, bEnd } = this.#box;
    if (this.backwardLow > aStart - bEnd) {
      this.backward[this.zero + --this.backwardLow - 1] = NO_LINE;
    } else {
      this.backwardLow++;
    }
    if (this.backwardHigh < aEnd - bStart) {
      this.backward[this.zero + ++this.backwardHigh + 1] = NO_LINE;
    } else {
      this.backwardHigh--;
    }
    const { backwardLow, backwardHigh, backwardSum } = this;
    this.backwardSum = this.#extendBack(backwardLow, backwardHigh, aStart, bStart, backwardSum - 1);
  }

  /** The highest diagonal on which both have come to the same line or passed each other. */
  highestMeeting(): number | undefined {
    if (this.forwardSum < this.backwardSum) return undefined;
    const low = Math.max(this.forwardLow, this.backwardLow);
    for (
      let diagonal = Math.min(this.forwardHigh, this.backwardHigh);
      diagonal >= low;
      diagonal -= 2
    ) {
      if (this.backward[this.zero + diagonal]! <= this.forward[this.zero + diagonal]!) {
        return diagonal;
      }
    }
    return undefined;
  }

  /** Returns the greatest `i + j` come to, at least `sum`. */
  #extendForward(low: number, high: number, aEnd: number, bEnd: number, sum: number): number {
    if (this.#packed) return this.#extendForwardPacked(this.#packed, low, high, aEnd, bEnd, sum);
    const a = this.#a;
    const b = this.#b;
    const forward = this.forward;
    const zero = this.zero;
    let furthest = sum;
    let above = forward[zero + high + 1]!;
    for (let diagonal = high; diagonal >= low; diagonal -= 2) {
      const below = forward[zero + diagonal - 1]!;
      let i = larger(below + 1, above);
      let j = (i - diagonal) | 0;
      above = below;
      if (i < aEnd && j < bEnd && a[i] === b[j]) {
        const from = i;
        do {
          i++;
          j++;
        } while (i < aEnd && j < bEnd && a[i] === b[j]);
        if (i + j > furthest) furthest = i + j;
        if (i - from > GOOD_SNAKE) this.hasGoodSnake = true;
      }
      forward[zero + diagonal] = i;
    }
    return furthest;
  }

  #extendForwardPacked(
    { fromA, fromB }: PackedLines,
    low: number,
    high: number,
    aEnd: number,
    bEnd: number,
    sum: number,
  ): number {
    const forward = this.forward;
    const zero = this.zero;
    let furthest = sum;
    let above = forward[zero + high + 1]!;
    for (let diagonal = high; diagonal >= low; diagonal -= 2) {
      const below = forward[zero + diagonal - 1]!;
      let i = larger(below + 1, above);
      above = below;
      const end = aEnd - diagonal < bEnd ? aEnd : bEnd + diagonal;
      if (i < end) {
        const from = i;
        let difference = fromA[i]! ^ fromB[i - diagonal]!;
        while (difference === 0 && i + LINES_PER_WORD < end) {
          i += LINES_PER_WORD;
          difference = fromA[i]! ^ fromB[i - diagonal]!;
        }
        i += difference === 0 ? LINES_PER_WORD : countEqual(difference);
        if (i > end) i = end;
        if (2 * i - diagonal > furthest) furthest = 2 * i - diagonal;
        if (i - from > GOOD_SNAKE) this.hasGoodSnake = true;
      }
      forward[zero + diagonal] = i;
    }
    return furthest;
  }

  /** Returns the least `i + j` come to, at most `sum`. */
  #extendBack(low: number, high: number, aStart: number, bStart: number, sum: number): number {
    if (this.#packed) return this.#extendBackPacked(this.#packed, low, high, aStart, bStart, sum);
    const a = this.#a;
    const b = this.#b;
    const backward = this.backward;
    const zero = this.zero;
    let nearest = sum;
    let above = backward[zero + high + 1]!;
    for (let diagonal = high; diagonal >= low; diagonal -= 2) {
      const below = backward[zero + diagonal - 1]!;
      let i = smaller(below, above - 1);
      let j = (i - diagonal) | 0;
      above = below;
      if (i > aStart && j > bStart && a[i - 1] === b[j - 1]) {
        const from = i;
        do {
          i--;
          j--;
        } while (i > aStart && j > bStart && a[i - 1] === b[j - 1]);
        if (i + j < nearest) nearest = i + j;
        if (from - i > GOOD_SNAKE) this.hasGoodSnake = true;
      }
      backward[zero + diagonal] = i;
    }
    return nearest;
  }

  #extendBackPacked(
    { beforeA, beforeB }: PackedLines,
    low: number,
    high: number,
    aStart: number,
    bStart: number,
    sum: number,
  ): number {
    const backward = this.backward;
    const zero = this.zero;
    let nearest = sum;
    let above = backward[zero + high + 1]!;
    for (let diagonal = high; diagonal >= low; diagonal -= 2) {
      const below = backward[zero + diagonal - 1]!;
      let i = smaller(below, above - 1);
      above = below;
      const end = aStart - diagonal > bStart ? aStart : bStart + diagonal;
      if (i > end) {
        const from = i;
        let difference = beforeA[i]! ^ beforeB[i - diagonal]!;
        while (difference === 0 && i - LINES_PER_WORD > end) {
          i -= LINES_PER_WORD;
          difference = beforeA[i]! ^ beforeB[i - diagonal]!;
        }
        i -= difference === 0 ? LINES_PER_WORD : countEqual(difference);
        if (i < end) i = end;
        if (2 * i - diagonal < nearest) nearest = 2 * i - diagonal;
        if (from - i > GOOD_SNAKE) this.hasGoodSnake = true;
      }
      backward[zero + diagonal] = i;
    }
    return nearest;
  }
}

/** The lowest diagonal that `cost` steps from `middle` are on, in a box that has none below `lowest`. */
function lowestDiagonal(middle: number, cost: number, lowest: number): number {
  const low = Math.max(middle - cost, lowest);
  return low + ((low - middle - cost) & 1);
}

/** As `Math.max` and `Math.min`, without a branch: none could guess which it is here. */
function larger(left: number, right: number): number {
  const difference = (left - right) | 0;
  return (right + (difference & ~(difference >> 31))) | 0;
}

function smaller(left: number, right: number): number {
  const difference = (left - right) | 0;
  return (right + (difference & (difference >> 31))) | 0;
}
