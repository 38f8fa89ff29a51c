/** A run of matching lines longer than this is a sign of a good path. */
const GOOD_SNAKE = 20;
/** Below this number of edits the search is exact, whatever it costs. */
const EXACT_COST = 256;
/** A path is good when it has come this many times further than it has edits. */
const GOOD_PROGRESS = 4;

/**
 * Marks in `changedA` and `changedB` what a shortest edit script from `a` to `b` deletes and inserts.
 *
 * The divide-and-conquer, linear-space algorithm of E. W. Myers, "An O(ND) Difference Algorithm and Its
 * Variations" (1986), section 4b, with the two heuristics of GNU diff that its authors describe: past 256
 * edits, a path that has come far over long runs of equal lines is taken as it is; and past
 * max(256, √(lines)) edits the furthest path is. So one split costs at most O(cost²), the whole at most
 * O(lines · max(256, √lines)), and memory is linear; the script is shortest whenever it has fewer than 256
 * edits, and close to it otherwise.
 *
 * `linesA[i]` and `linesB[j]` are the places in the flags that elements `i` and `j` stand for.
 */
export function markMyersChanges(
  a: Int32Array,
  linesA: Int32Array,
  changedA: Uint8Array,
  b: Int32Array,
  linesB: Int32Array,
  changedB: Uint8Array,
): void {
  const splitter = new Splitter(a, b);
  // Boxes still to compare, four numbers and a flag each; a stack, so that depth costs no call frames.
  const boxes: number[] = [0, a.length, 0, b.length, 0];
  while (boxes.length > 0) {
    const exact = boxes.pop() === 1;
    let bEnd = boxes.pop()!;
    let bStart = boxes.pop()!;
    let aEnd = boxes.pop()!;
    let aStart = boxes.pop()!;
    while (aStart < aEnd && bStart < bEnd && a[aStart] === b[bStart]) {
      aStart++;
      bStart++;
    }
    while (aStart < aEnd && bStart < bEnd && a[aEnd - 1] === b[bEnd - 1]) {
      aEnd--;
      bEnd--;
    }
    if (aStart === aEnd) {
      while (bStart < bEnd) changedB[linesB[bStart++]!] = 1;
    } else if (bStart === bEnd) {
      while (aStart < aEnd) changedA[linesA[aStart++]!] = 1;
    } else {
      splitter.split(aStart, aEnd, bStart, bEnd, exact);
      const { atA, atB, exactBefore, exactAfter } = splitter;
      boxes.push(atA, aEnd, atB, bEnd, exactAfter ? 1 : 0);
      boxes.push(aStart, atA, bStart, atB, exactBefore ? 1 : 0);
    }
  }
}

/** The smallest power of two that is at least the square root, or twice it: what the cost cap is counted in. */
export function coarseSquareRoot(value: number): number {
  let root = 1;
  for (let rest = value; rest > 0; rest >>>= 2) root <<= 1;
  return root;
}

/** Finds a point on a (nearly) shortest path through a box by searching from both corners at once. */
class Splitter {
  atA = 0;
  atB = 0;
  /** Whether the part before, or after, the point must be searched without heuristics. */
  exactBefore = false;
  exactAfter = false;

  #a: Int32Array;
  #b: Int32Array;
  /** Furthest place in `a` reached on each diagonal `i − j`, from the start and from the end. */
  #forward: Int32Array;
  #backward: Int32Array;
  /** Where diagonal 0 is in those arrays. */
  #zero: number;
  #costCap: number;

  constructor(a: Int32Array, b: Int32Array) {
    const diagonals = a.length + b.length + 3;
    this.#a = a;
    this.#b = b;
    this.#forward = new Int32Array(diagonals);
    this.#backward = new Int32Array(diagonals);
    this.#zero = b.length + 1;
    this.#costCap = Math.max(EXACT_COST, coarseSquareRoot(diagonals));
  }

  split(aStart: number, aEnd: number, bStart: number, bEnd: number, exact: boolean): void {
    const a = this.#a;
    const b = this.#b;
    const forward = this.#forward;
    const backward = this.#backward;
    const zero = this.#zero;
    const lowest = aStart - bEnd;
    const highest = aEnd - bStart;
    const forwardMiddle = aStart - bStart;
    const backwardMiddle = aEnd - bEnd;
    const odd = ((forwardMiddle - backwardMiddle) & 1) !== 0;
    let forwardLow = forwardMiddle;
    let forwardHigh = forwardMiddle;
    let backwardLow = backwardMiddle;
    let backwardHigh = backwardMiddle;
    forward[zero + forwardMiddle] = aStart;
    backward[zero + backwardMiddle] = aEnd;

    for (let cost = 1; ; cost++) {
      let goodSnake = false;

      // A diagonal outside the box is never entered: the range shrinks on that side instead.
      if (forwardLow > lowest) forward[zero + --forwardLow - 1] = -1;
      else forwardLow++;
      if (forwardHigh < highest) forward[zero + ++forwardHigh + 1] = -1;
      else forwardHigh--;
      let above = forward[zero + forwardHigh + 1]!;
      for (let diagonal = forwardHigh; diagonal >= forwardLow; diagonal -= 2) {
        const below = forward[zero + diagonal - 1]!;
        let i = below >= above ? (below + 1) | 0 : above;
        let j = (i - diagonal) | 0;
        above = below;
        if (i < aEnd && j < bEnd && a[i] === b[j]) {
          const from = i;
          do {
            i++;
            j++;
          } while (i < aEnd && j < bEnd && a[i] === b[j]);
          if (i - from > GOOD_SNAKE) goodSnake = true;
        }
        forward[zero + diagonal] = i;
        if (
          odd &&
          backwardLow <= diagonal &&
          diagonal <= backwardHigh &&
          backward[zero + diagonal]! <= i
        ) {
          return this.#splitAt(i, j, true, true);
        }
      }

      if (backwardLow > lowest) backward[zero + --backwardLow - 1] = 0x7fffffff;
      else backwardLow++;
      if (backwardHigh < highest) backward[zero + ++backwardHigh + 1] = 0x7fffffff;
      else backwardHigh--;
      above = backward[zero + backwardHigh + 1]!;
      for (let diagonal = backwardHigh; diagonal >= backwardLow; diagonal -= 2) {
        const below = backward[zero + diagonal - 1]!;
        let i = below < above ? below : (above - 1) | 0;
        let j = (i - diagonal) | 0;
        above = below;
        if (i > aStart && j > bStart && a[i - 1] === b[j - 1]) {
          const from = i;
          do {
            i--;
            j--;
          } while (i > aStart && j > bStart && a[i - 1] === b[j - 1]);
          if (from - i > GOOD_SNAKE) goodSnake = true;
        }
        backward[zero + diagonal] = i;
        if (
          !odd &&
          forwardLow <= diagonal &&
          diagonal <= forwardHigh &&
          i <= forward[zero + diagonal]!
        ) {
          return this.#splitAt(i, j, true, true);
        }
      }

      if (exact) continue;
      if (goodSnake && cost > EXACT_COST) {
        if (this.#takeGoodForward(forwardLow, forwardHigh, aStart, aEnd, bStart, bEnd, cost))
          return;
        if (this.#takeGoodBackward(backwardLow, backwardHigh, aStart, aEnd, bStart, bEnd, cost)) {
          return;
        }
      }
      if (cost >= this.#costCap) {
        return this.#takeFurthest(
          forwardLow,
          forwardHigh,
          backwardLow,
          backwardHigh,
          aStart,
          aEnd,
          bStart,
          bEnd,
        );
      }
    }
  }

  #splitAt(i: number, j: number, exactBefore: boolean, exactAfter: boolean): void {
    this.atA = i;
    this.atB = j;
    this.exactBefore = exactBefore;
    this.exactAfter = exactAfter;
  }

  /** The forward path that has come furthest, near the middle, and ends in a long run of equal lines. */
  #takeGoodForward(
    low: number,
    high: number,
    aStart: number,
    aEnd: number,
    bStart: number,
    bEnd: number,
    cost: number,
  ): boolean {
    const middle = aStart - bStart;
    let best = GOOD_PROGRESS * cost;
    let found = false;
    for (let diagonal = high; diagonal >= low; diagonal -= 2) {
      const i = this.#forward[this.#zero + diagonal]!;
      const j = i - diagonal;
      const progress = i - aStart + (j - bStart) - Math.abs(diagonal - middle);
      if (
        progress > best &&
        aStart + GOOD_SNAKE <= i &&
        i < aEnd &&
        bStart + GOOD_SNAKE <= j &&
        j < bEnd &&
        this.#equalRun(i - GOOD_SNAKE, j - GOOD_SNAKE)
      ) {
        best = progress;
        found = true;
        this.#splitAt(i, j, true, false);
      }
    }
    return found;
  }

  #takeGoodBackward(
    low: number,
    high: number,
    aStart: number,
    aEnd: number,
    bStart: number,
    bEnd: number,
    cost: number,
  ): boolean {
    const middle = aEnd - bEnd;
    let best = GOOD_PROGRESS * cost;
    let found = false;
    for (let diagonal = high; diagonal >= low; diagonal -= 2) {
      const i = this.#backward[this.#zero + diagonal]!;
      const j = i - diagonal;
      const progress = aEnd - i + (bEnd - j) - Math.abs(diagonal - middle);
      if (
        progress > best &&
        aStart < i &&
        i <= aEnd - GOOD_SNAKE &&
        bStart < j &&
        j <= bEnd - GOOD_SNAKE &&
        this.#equalRun(i, j)
      ) {
        best = progress;
        found = true;
        this.#splitAt(i, j, false, true);
      }
    }
    return found;
  }

  #equalRun(i: number, j: number): boolean {
    for (let step = 0; step < GOOD_SNAKE; step++) {
      if (this.#a[i + step] !== this.#b[j + step]) return false;
    }
    return true;
  }

  /** The cap is reached: the path that has come furthest, from whichever corner. */
  #takeFurthest(
    forwardLow: number,
    forwardHigh: number,
    backwardLow: number,
    backwardHigh: number,
    aStart: number,
    aEnd: number,
    bStart: number,
    bEnd: number,
  ): void {
    let furthest = -1;
    let furthestA = -1;
    for (let diagonal = forwardHigh; diagonal >= forwardLow; diagonal -= 2) {
      const i = Math.min(this.#forward[this.#zero + diagonal]!, aEnd, bEnd + diagonal);
      if (2 * i - diagonal > furthest) {
        furthest = 2 * i - diagonal;
        furthestA = i;
      }
    }
    let nearest = 0x7fffffff;
    let nearestA = 0x7fffffff;
    for (let diagonal = backwardHigh; diagonal >= backwardLow; diagonal -= 2) {
      const i = Math.max(this.#backward[this.#zero + diagonal]!, aStart, bStart + diagonal);
      if (2 * i - diagonal < nearest) {
        nearest = 2 * i - diagonal;
        nearestA = i;
      }
    }
    if (aEnd + bEnd - nearest < furthest - (aStart + bStart)) {
      this.#splitAt(furthestA, furthest - furthestA, true, false);
    } else {
      this.#splitAt(nearestA, nearest - nearestA, false, true);
    }
  }
}
