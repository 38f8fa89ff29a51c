import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BitVectorSearch } from './bit-vector-search.js';

const ids = fc
  .array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 90 })
  .map((list) => Int32Array.from(list));

test('measures the edits of one box after the other, up to a limit', () => {
  fc.assert(
    fc.property(ids, ids, fc.array(fc.nat({ max: 99 }), { minLength: 30 }), (a, b, numbers) => {
      const search = new BitVectorSearch(a, b);
      for (let at = 0; at + 4 < numbers.length; at += 5) {
        const [aStart, aEnd] = part(a.length, numbers[at]!, numbers[at + 1]!);
        const [bStart, bEnd] = part(b.length, numbers[at + 2]!, numbers[at + 3]!);
        const limit = numbers[at + 4]!;
        const edits = editTable(a.subarray(aStart, aEnd), b.subarray(bStart, bEnd));
        const expected = edits.at(-1)!.at(-1)!;
        const measured = search.measure({ aStart, aEnd, bStart, bEnd }, limit);
        if (expected <= limit) expect(measured).toBe(expected);
        else expect(measured).toBeGreaterThan(limit);
      }
    }),
  );
});

test('a table that ends early knows nothing of the one before it', () => {
  const b = Int32Array.from({ length: 600 }, (_, at) => at);
  const search = new BitVectorSearch(Int32Array.of(...b, ...b.map((id) => 1000 + id)), b);
  expect(search.measure({ aStart: 0, aEnd: 600, bStart: 0, bEnd: 600 }, 600)).toBe(0);
  const different = { aStart: 600, aEnd: 1200, bStart: 0, bEnd: 600 };
  expect(search.measure(different, 20)).toBeGreaterThan(20);
});

test('fills in how far so many edits lead from either corner', () => {
  fc.assert(
    fc.property(ids, ids, fc.nat({ max: 60 }), fc.boolean(), (a, b, cost, fromEnd) => {
      const box = { aStart: 0, aEnd: a.length, bStart: 0, bEnd: b.length };
      const zero = b.length;
      const frontier = new Int32Array(a.length + b.length + 1).fill(-1);
      const furthest = new BitVectorSearch(a, b).fillFrontier(
        box,
        fromEnd,
        cost,
        1,
        Infinity,
        frontier,
        zero,
      );
      const edits = fromEnd ? editTable(a.toReversed(), b.toReversed()) : editTable(a, b);
      const expected = new Int32Array(frontier.length).fill(-1);
      let expectedFurthest = 0;
      edits.forEach((row, x) => {
        row.forEach((count, y) => {
          if (count > cost) return;
          const i = fromEnd ? a.length - x : x;
          const j = fromEnd ? b.length - y : y;
          expected[zero + i - j] = i;
          expectedFurthest = Math.max(expectedFurthest, x + y);
        });
      });
      expect(frontier).toEqual(expected);
      expect(furthest).toBe(expectedFurthest);
    }),
  );
});

test('says when its table would have to be larger', () => {
  const ids = Int32Array.from({ length: 500 }, (_, at) => at);
  const search = new BitVectorSearch(ids, ids);
  const box = { aStart: 0, aEnd: 500, bStart: 0, bEnd: 500 };
  const frontier = new Int32Array(1001);
  expect(search.fillFrontier(box, false, 10, 1, 300, frontier, 500)).toBe(-1);
  expect(search.fillFrontier(box, true, 10, 1, 500, frontier, 500)).toBe(1000);
});

/** A part of a text that is not empty. */
function part(length: number, from: number, size: number): [number, number] {
  const start = from % length;
  return [start, Math.min(length, start + 1 + size)];
}

/** For each number of lines of `a`, and each of `b`, how many edits make the one the other. */
function editTable(a: Int32Array, b: Int32Array): number[][] {
  const edits: number[][] = [];
  for (let x = 0; x <= a.length; x++) {
    edits.push([]);
    for (let y = 0; y <= b.length; y++) {
      const row = edits[x]!;
      if (x === 0 || y === 0) row.push(x + y);
      else if (a[x - 1] === b[y - 1]) row.push(edits[x - 1]![y - 1]!);
      else row.push(1 + Math.min(edits[x - 1]![y]!, row[y - 1]!));
    }
  }
  return edits;
}
