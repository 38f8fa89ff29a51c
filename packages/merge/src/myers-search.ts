import { BoxSplitter } from './box-splitter.js';

/**
 * Marks in `changedA` and `changedB` what a shortest edit script from `a` to `b` deletes and inserts.
 *
 * The divide-and-conquer, linear-space algorithm of E. W. Myers, "An O(ND) Difference Algorithm and Its
 * Variations" (1986), section 4b, with the two heuristics of GNU diff that its authors describe: past 256
 * edits, a path that has come far over long runs of equal lines is taken as it is; and past
 * max(256, √(lines)) edits the furthest path is. So one split costs at most O(cost²), the whole at most
 * O(lines · max(256, √lines)), and memory is linear; the script is shortest whenever it has fewer than 256
 * edits, and close to it otherwise. How a box is split may be found in faster ways, never elsewhere.
 *
 * `linesA[i]` and `linesB[j]` are the places in the flags that elements `i` and `j` stand for.
 *
 * @param useBitVectors `false` leaves them out: what they find can be compared with what the search finds
 */
export function markMyersChanges(
  a: Int32Array,
  linesA: Int32Array,
  changedA: Uint8Array,
  b: Int32Array,
  linesB: Int32Array,
  changedB: Uint8Array,
  useBitVectors = true,
): void {
  const splitter = new BoxSplitter(a, b, useBitVectors);
  // Boxes still to compare, four numbers each, and how many edits it takes or 0 if that is not known; a
  // stack, so that depth costs no call frames.
  const boxes: number[] = [0, a.length, 0, b.length, 0];
  while (boxes.length > 0) {
    const edits = boxes.pop()!;
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
      splitter.split({ aStart, aEnd, bStart, bEnd }, edits);
      const { atA, atB, editsBefore, editsAfter } = splitter;
      boxes.push(atA, aEnd, atB, bEnd, editsAfter);
      boxes.push(aStart, atA, bStart, atB, editsBefore);
    }
  }
}
