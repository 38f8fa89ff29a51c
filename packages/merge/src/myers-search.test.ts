import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markMyersChanges } from './myers-search.js';

const ids = fc.array(fc.nat({ max: 3 }), { maxLength: 40 });

test('marks a shortest script, whose rest is common to both', () => {
  fc.assert(
    fc.property(ids, ids, (a, b) => {
      const [keptA, keptB] = search(a, b);
      expect(keptA).toEqual(keptB);
      expect(keptA).toHaveLength(commonLength(a, b));
    }),
  );
});

test('marks a script whose rest is common to both where the cost is capped', () => {
  const a = Array.from({ length: 4000 }, (_, at) => (at * 7919) % 4001);
  const b = Array.from({ length: 4000 }, (_, at) => (at * 104729) % 4001);
  const [keptA, keptB] = search(a, b);
  expect(keptA).toEqual(keptB);
});

/** What a search leaves unchanged of both. */
function search(a: readonly number[], b: readonly number[]): [number[], number[]] {
  const changedA = new Uint8Array(a.length);
  const changedB = new Uint8Array(b.length);
  const lines = (list: readonly number[]): Int32Array => Int32Array.from(list.keys());
  markMyersChanges(Int32Array.from(a), lines(a), changedA, Int32Array.from(b), lines(b), changedB);
  return [a.filter((_, at) => changedA[at] === 0), b.filter((_, at) => changedB[at] === 0)];
}

function commonLength(a: readonly number[], b: readonly number[]): number {
  const lengths = Array.from({ length: a.length + 1 }, () =>
    new Array<number>(b.length + 1).fill(0),
  );
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      lengths[i]![j] =
        a[i - 1] === b[j - 1]
          ? lengths[i - 1]![j - 1]! + 1
          : Math.max(lengths[i - 1]![j]!, lengths[i]![j - 1]!);
    }
  }
  return lengths[a.length]![b.length]!;
}
