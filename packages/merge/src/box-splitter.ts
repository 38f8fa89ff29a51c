import { BitVectorSearch, MAX_TABLE_LINES, MAX_TABLE_POINTS } from './bit-vector-search.js';
import { coarseSquareRoot } from './coarse-square-root.js';
import { Frontiers, GOOD_SNAKE } from './frontiers.js';
import type { LineChange } from './line-change.js';
import { mayShareRun } from './shared-runs.js';

/** Below this number of edits the search is exact, whatever it costs. */
const EXACT_COST = 256;
/** A path is good when it has come this many times further than it has edits. */
const GOOD_PROGRESS = 4;

/** After so many edits lines are packed, where they can be. */
const PACK_COST = 64;
/** After so many edits, and each time that they double, bit vectors are considered. */
const FIRST_LEAP_COST = 12;
/** They pay where a path has come at most this many times further than it has edits: long runs are soon followed. */
const MAX_LEAP_PROGRESS = 12;
/** … and where they fill at most this many points for each step already made: then little is lost in vain. */
const POINTS_PER_STEP = 2048;
/** Where the edits are known they pay when their square is at least this many times the lines. */
const STEPS_PER_LINE = 30;

/**
 * Finds the point at which the search for a shortest path through a box divides it: where the paths from
 * both corners meet, or, past the limits of the search, how far one of them has come.
 */
export class BoxSplitter {
  /** The point. */
  atA = 0;
  atB = 0;
  /** How many edits the parts before and after it take, or 0 where that is not known. */
  editsBefore = 0;
  editsAfter = 0;

  #a: Int32Array;
  #b: Int32Array;
  #frontiers: Frontiers;
  #costCap: number;
  #useBitVectors: boolean;
  #bitVectors: BitVectorSearch | undefined;

  constructor(a: Int32Array, b: Int32Array, useBitVectors: boolean) {
    this.#a = a;
    this.#b = b;
    this.#frontiers = new Frontiers(a, b);
    this.#costCap = Math.max(EXACT_COST, coarseSquareRoot(a.length + b.length + 3));
    this.#useBitVectors = useBitVectors;
  }

  /** @param edits how many the box takes, if it must be split with no more; 0: with about as few as can be */
  split(box: LineChange, edits: number): void {
    if (this.#useBitVectors && edits > 0 && isFitForTable(box, edits)) {
      return this.#splitByTables(box, edits);
    }
    const frontiers = this.#frontiers;
    const isOdd = (countLines(box) & 1) !== 0;
    let leapCost = this.#useBitVectors && edits === 0 ? FIRST_LEAP_COST : 0;
    frontiers.start(box);
    for (let cost = 1; ; cost++) {
      frontiers.hasGoodSnake = false;
      frontiers.stepForward();
      if (isOdd && this.#takeMeeting(cost, cost - 1)) return;
      frontiers.stepBack();
      if (!isOdd && this.#takeMeeting(cost, cost)) return;
      if (cost === PACK_COST) frontiers.pack();
      if (edits > 0) continue;
      if (cost === leapCost) {
        const leap = this.#leap(box, cost);
        if (leap === 'split') return;
        if (leap === 'later') {
          leapCost *= 2;
        } else {
          cost = leap;
          leapCost = 0;
          if (cost > PACK_COST) frontiers.pack();
        }
      }
      if (cost > EXACT_COST && frontiers.hasGoodSnake) {
        if (this.#takeGoodForward(box, cost) || this.#takeGoodBackward(box, cost)) return;
      }
      if (cost >= this.#costCap) return this.#takeFurthest(box);
    }
  }

  /** Splits where the paths have met, after `before` edits from the start and `after` from the end; false if they have not. */
  #takeMeeting(before: number, after: number): boolean {
    const { forward, backward, zero } = this.#frontiers;
    const diagonal = this.#frontiers.highestMeeting();
    if (diagonal === undefined) return false;
    const i = (before > after ? forward : backward)[zero + diagonal]!;
    this.#splitAt(i, i - diagonal, before, after);
    return true;
  }

  /** Splits a box of so many edits: fills in where the paths from both corners meet. */
  #splitByTables(box: LineChange, edits: number): void {
    const bits = (this.#bitVectors ??= new BitVectorSearch(this.#a, this.#b));
    const frontiers = this.#frontiers;
    const { forward, backward, zero } = frontiers;
    const before = (edits + 1) >> 1;
    const after = edits >> 1;
    frontiers.start(box);
    bits.fillFrontier(box, false, before, 2, MAX_TABLE_LINES, forward, zero);
    bits.fillFrontier(box, true, after, 2, MAX_TABLE_LINES, backward, zero);
    frontiers.resume(before, after);
    if (!this.#takeMeeting(before, after)) throw new Error(`a box of ${edits} edits takes more`);
  }

  /**
   * Fills in what the next steps would come to, where that is faster.
   *
   * @returns after how many edits the paths are now: 0 if the search must start again, and without
   */
  #leap(box: LineChange, cost: number): number | 'split' | 'later' {
    const frontiers = this.#frontiers;
    const cap = this.#costCap;
    const lines = countLines(box);
    const progress = (frontiers.forwardSum - box.aStart - box.bStart) / cost;
    if (progress > MAX_LEAP_PROGRESS) return 'later';
    const maxPoints = Math.min(POINTS_PER_STEP * cost * cost, MAX_TABLE_POINTS);
    const bits = (this.#bitVectors ??= new BitVectorSearch(this.#a, this.#b));
    // Half as many edits again as it would take at this pace.
    const limit = Math.min(2 * EXACT_COST, (1.5 * lines) / progress) | 0;
    const isNear = lines < 2 * progress * cap && lines <= MAX_TABLE_LINES;
    if (isNear && Math.min(box.aEnd - box.aStart, limit) * (box.bEnd - box.bStart) <= maxPoints) {
      const edits = bits.measure(box, limit);
      if (edits <= limit) {
        this.#splitByTables(box, edits);
        return 'split';
      }
    }
    // A path that has come far may be good from then on.
    const target = progress < GOOD_PROGRESS ? cap : EXACT_COST;
    const reach = ((progress + 2) * target) | 0;
    if (
      target <= cost ||
      2 * reach > MAX_TABLE_LINES ||
      (progress * target * target) / 2 > maxPoints
    ) {
      return 'later';
    }
    const { forward, backward, zero } = frontiers;
    const every = target < cap ? 1 : 2;
    const before = bits.fillFrontier(box, false, target, every, reach, forward, zero);
    const after = bits.fillFrontier(box, true, target, every, reach, backward, zero);
    const haveMet = before < 0 || after < 0 || before + after >= lines;
    if (haveMet || (target > EXACT_COST && this.#mayBeGood(box, target, before, after))) {
      frontiers.start(box);
      return 0;
    }
    frontiers.resume(target, target);
    return target;
  }

  /**
   * Whether a path may have been good before it had `cost` edits: not when even the furthest is too short
   * for that, nor when no long run lies within their reach.
   *
   * @param before how many lines the paths from the start lead over, `after` those from the end
   */
  #mayBeGood(
    { aStart, aEnd, bStart, bEnd }: LineChange,
    cost: number,
    before: number,
    after: number,
  ): boolean {
    if (Math.max(before, after) <= GOOD_PROGRESS * (EXACT_COST + 1)) return false;
    const wide = (before + cost) >> 1;
    const wideAfter = (after + cost) >> 1;
    return (
      mayShareRun(
        this.#a.subarray(aStart, Math.min(aEnd, aStart + wide)),
        this.#b.subarray(bStart, Math.min(bEnd, bStart + wide)),
        GOOD_SNAKE,
      ) ||
      mayShareRun(
        this.#a.subarray(Math.max(aStart, aEnd - wideAfter), aEnd),
        this.#b.subarray(Math.max(bStart, bEnd - wideAfter), bEnd),
        GOOD_SNAKE,
      )
    );
  }

  #splitAt(i: number, j: number, editsBefore: number, editsAfter: number): void {
    this.atA = i;
    this.atB = j;
    this.editsBefore = editsBefore;
    this.editsAfter = editsAfter;
  }

  /** The forward path that has come furthest, near the middle, and ends in a long run of equal lines. */
  #takeGoodForward({ aStart, aEnd, bStart, bEnd }: LineChange, cost: number): boolean {
    const { forward, forwardLow, forwardHigh, zero } = this.#frontiers;
    const middle = aStart - bStart;
    let best = GOOD_PROGRESS * cost;
    let found = false;
    for (let diagonal = forwardHigh; diagonal >= forwardLow; diagonal -= 2) {
      const i = forward[zero + diagonal]!;
      const j = i - diagonal;
      const progress = i - aStart + (j - bStart) - Math.abs(diagonal - middle);
      if (
        progress > best &&
        aStart + GOOD_SNAKE <= i &&
        i < aEnd &&
        bStart + GOOD_SNAKE <= j &&
        j < bEnd &&
        this.#isRun(i - GOOD_SNAKE, j - GOOD_SNAKE)
      ) {
        best = progress;
        found = true;
        this.#splitAt(i, j, cost, 0);
      }
    }
    return found;
  }

  #takeGoodBackward({ aStart, aEnd, bStart, bEnd }: LineChange, cost: number): boolean {
    const { backward, backwardLow, backwardHigh, zero } = this.#frontiers;
    const middle = aEnd - bEnd;
    let best = GOOD_PROGRESS * cost;
    let found = false;
    for (let diagonal = backwardHigh; diagonal >= backwardLow; diagonal -= 2) {
      const i = backward[zero + diagonal]!;
      const j = i - diagonal;
      const progress = aEnd - i + (bEnd - j) - Math.abs(diagonal - middle);
      if (
        progress > best &&
        aStart < i &&
        i <= aEnd - GOOD_SNAKE &&
        bStart < j &&
        j <= bEnd - GOOD_SNAKE &&
        this.#isRun(i, j)
      ) {
        best = progress;
        found = true;
        this.#splitAt(i, j, 0, cost);
      }
    }
    return found;
  }

  #isRun(i: number, j: number): boolean {
    for (let step = 0; step < GOOD_SNAKE; step++) {
      if (this.#a[i + step] !== this.#b[j + step]) return false;
    }
    return true;
  }

  /** The cap is reached: the path that has come furthest, from whichever corner. */
  #takeFurthest({ aStart, aEnd, bStart, bEnd }: LineChange): void {
    const { forward, forwardLow, forwardHigh, backward, backwardLow, backwardHigh, zero } =
      this.#frontiers;
    let furthest = -1;
    let furthestA = -1;
    for (let diagonal = forwardHigh; diagonal >= forwardLow; diagonal -= 2) {
      const i = Math.min(forward[zero + diagonal]!, aEnd, bEnd + diagonal);
      if (2 * i - diagonal > furthest) {
        furthest = 2 * i - diagonal;
        furthestA = i;
      }
    }
    let nearest = 0x7fffffff;
    let nearestA = 0;
    for (let diagonal = backwardHigh; diagonal >= backwardLow; diagonal -= 2) {
      const i = Math.max(backward[zero + diagonal]!, aStart, bStart + diagonal);
      if (2 * i - diagonal < nearest) {
        nearest = 2 * i - diagonal;
        nearestA = i;
      }
    }
    if (aEnd + bEnd - nearest < furthest - (aStart + bStart)) {
      this.#splitAt(furthestA, furthest - furthestA, this.#costCap, 0);
    } else {
      this.#splitAt(nearestA, nearest - nearestA, 0, this.#costCap);
    }
  }
}

function countLines({ aStart, aEnd, bStart, bEnd }: LineChange): number {
  return aEnd - aStart + (bEnd - bStart);
}

function isFitForTable(box: LineChange, edits: number): boolean {
  const lines = countLines(box);
  return (
    edits * edits >= STEPS_PER_LINE * lines &&
    lines <= MAX_TABLE_LINES &&
    lines * edits <= MAX_TABLE_POINTS
  );
}
