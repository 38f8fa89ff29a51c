import { markHistogramChanges } from './histogram-search.js';
import type { LineChange } from './line-change.js';
import { markMyersChanges } from './myers-search.js';
import { selectCandidates } from './select-candidates.js';
import { slideChanges } from './slide-changes.js';

/**
 * `myers`: a shortest script, or nearly (what `git diff`, `git merge-file` and GNU diff do).
 * `histogram`: matches rare lines first (what `git merge` does); often easier to read.
 */
export type DiffAlgorithm = 'myers' | 'histogram';

/** Texts of no more pairs of lines than this are first asked whether they have a line in common. */
const FEW_PAIRS = 256;

/** Compares lines given as ids below `classes`; keeps its counters from one comparison to the next. */
export class LineComparer {
  #classes: number;
  #algorithm: DiffAlgorithm;
  #inA: Int32Array;
  #inB: Int32Array;

  constructor(classes: number, algorithm: DiffAlgorithm) {
    this.#classes = classes;
    this.#algorithm = algorithm;
    this.#inA = new Int32Array(classes);
    this.#inB = new Int32Array(classes);
  }

  /** The changes from `a` to `b`, in order; between two of them is at least one line that both have. */
  compare(a: Int32Array, b: Int32Array): LineChange[] {
    if (a.length * b.length <= FEW_PAIRS && !hasCommonLine(a, b)) {
      return a.length + b.length === 0
        ? []
        : [{ aStart: 0, aEnd: a.length, bStart: 0, bEnd: b.length }];
    }
    const changedA = new Uint8Array(a.length + 1);
    const changedB = new Uint8Array(b.length + 1);
    if (this.#algorithm === 'myers') this.#markMyers(a, changedA, b, changedB);
    else this.#markHistogram(a, changedA, b, changedB);
    slideChanges(a, changedA, changedB);
    slideChanges(b, changedB, changedA);
    return collectChanges(changedA, changedB);
  }

  #markMyers(a: Int32Array, changedA: Uint8Array, b: Int32Array, changedB: Uint8Array): void {
    const shorter = Math.min(a.length, b.length);
    let start = 0;
    while (start < shorter && a[start] === b[start]) start++;
    let aEnd = a.length;
    let bEnd = b.length;
    while (aEnd > start && bEnd > start && a[aEnd - 1] === b[bEnd - 1]) {
      aEnd--;
      bEnd--;
    }
    if (aEnd === start || bEnd === start) {
      changedA.fill(1, start, aEnd);
      changedB.fill(1, start, bEnd);
      return;
    }
    const inA = this.#inA;
    const inB = this.#inB;
    for (let line = 0; line < a.length; line++) inA[a[line]!]!++;
    for (let line = 0; line < b.length; line++) inB[b[line]!]!++;
    const linesA = selectCandidates(a, start, aEnd, inB, changedA);
    const linesB = selectCandidates(b, start, bEnd, inA, changedB);
    for (let line = 0; line < a.length; line++) inA[a[line]!] = 0;
    for (let line = 0; line < b.length; line++) inB[b[line]!] = 0;
    markMyersChanges(pick(a, linesA), linesA, changedA, pick(b, linesB), linesB, changedB);
  }

  #markHistogram(a: Int32Array, changedA: Uint8Array, b: Int32Array, changedB: Uint8Array): void {
    markHistogramChanges(a, changedA, b, changedB, this.#classes, (box) => {
      const { aStart, aEnd, bStart, bEnd } = box;
      this.#markMyers(
        a.subarray(aStart, aEnd),
        changedA.subarray(aStart, aEnd),
        b.subarray(bStart, bEnd),
        changedB.subarray(bStart, bEnd),
      );
    });
  }
}

function hasCommonLine(a: Int32Array, b: Int32Array): boolean {
  for (let line = 0; line < a.length; line++) if (b.includes(a[line]!)) return true;
  return false;
}

function pick(ids: Int32Array, lines: Int32Array): Int32Array {
  const picked = new Int32Array(lines.length);
  for (let index = 0; index < lines.length; index++) picked[index] = ids[lines[index]!]!;
  return picked;
}

/** Reads the script from the flags, which are one longer than their texts and end in 0. */
function collectChanges(changedA: Uint8Array, changedB: Uint8Array): LineChange[] {
  const changes: LineChange[] = [];
  let aEnd = 0;
  let bEnd = 0;
  let nextA = nextChanged(changedA, 0);
  let nextB = nextChanged(changedB, 0);
  while (nextA < changedA.length || nextB < changedB.length) {
    const skipped = Math.min(nextA - aEnd, nextB - bEnd);
    const aStart = aEnd + skipped;
    const bStart = bEnd + skipped;
    aEnd = aStart;
    bEnd = bStart;
    while (changedA[aEnd] === 1) aEnd++;
    while (changedB[bEnd] === 1) bEnd++;
    changes.push({ aStart, aEnd, bStart, bEnd });
    if (aEnd > nextA) nextA = nextChanged(changedA, aEnd);
    if (bEnd > nextB) nextB = nextChanged(changedB, bEnd);
  }
  return changes;
}

function nextChanged(changed: Uint8Array, from: number): number {
  const at = changed.indexOf(1, from);
  return at < 0 ? changed.length : at;
}
