import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomIds } from '../test/random-ids.js';
import { seededRandom } from '../test/random-sides.js';
import { markMyersChanges } from './myers-search.js';

const ids = fc.array(fc.nat({ max: 3 }), { maxLength: 40 });

test('marks a shortest script, whose rest is common to both', () => {
  fc.assert(
    fc.property(ids, ids, (a, b) => {
      const [keptA, keptB] = kept(a, b, search(a, b));
      expect(keptA).toEqual(keptB);
      expect(keptA).toHaveLength(commonLength(a, b));
    }),
  );
});

test('marks a script whose rest is common to both where the cost is capped', () => {
  const a = Array.from({ length: 4000 }, (_, at) => (at * 7919) % 4001);
  const b = Array.from({ length: 4000 }, (_, at) => (at * 104729) % 4001);
  const [keptA, keptB] = kept(a, b, search(a, b));
  expect(keptA).toEqual(keptB);
});

test.each([
  { texts: 'of two different lines', classes: 2, length: 3000 },
  { texts: 'of few different lines', classes: 4, length: 3000 },
  { texts: 'of fifteen different lines', classes: 15, length: 3000 },
  { texts: 'of many different lines', classes: 60, length: 3000 },
  { texts: 'of lines that mostly occur once', classes: 5000, length: 3000 },
  { texts: 'whose cost is capped late', classes: 3, length: 40_000 },
  { texts: 'of unlike lines whose cost is capped late', classes: 3000, length: 40_000 },
])('bit vectors find what the search finds in texts $texts', ({ classes, length }) => {
  for (let seed = 1; seed <= (length > 10_000 ? 1 : 20); seed++) {
    const [a, b] = randomTexts(seed, classes, length);
    expect(search(a, b)).toEqual(search(a, b, false));
  }
});

test('bit vectors find what the search finds in texts of every kind', () => {
  for (let seed = 1; seed <= 800; seed++) {
    const [a, b] = randomIds(seed, 3000);
    expect(search(a, b), `seed ${seed}`).toEqual(search(a, b, false));
  }
});

test('bit vectors find what the search finds where it comes upon a long run late', () => {
  for (const before of [450, 600, 700]) {
    const [run] = randomTexts(1, 1000, 600);
    const [a, b] = randomTexts(2, 4, 40_000);
    a.splice(before, 0, ...run);
    b.splice(before, 0, ...run);
    expect(search(a, b)).toEqual(search(a, b, false));
    expect(search(a.toReversed(), b.toReversed())).toEqual(
      search(a.toReversed(), b.toReversed(), false),
    );
  }
});

function randomTexts(seed: number, classes: number, length: number): [number[], number[]] {
  const random = seededRandom(seed);
  const text = (): number[] =>
    Array.from({ length: Math.ceil(length * (0.5 + random() / 2)) }, () =>
      Math.floor(random() * classes),
    );
  return [text(), text()];
}

/** The flags of both texts. */
function search(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  useBitVectors?: boolean,
): [Uint8Array, Uint8Array] {
  const flags: [Uint8Array, Uint8Array] = [new Uint8Array(a.length), new Uint8Array(b.length)];
  const lines = ({ length }: ArrayLike<number>): Int32Array =>
    Int32Array.from({ length }, (_, line) => line);
  markMyersChanges(
    Int32Array.from(a),
    lines(a),
    flags[0],
    Int32Array.from(b),
    lines(b),
    flags[1],
    useBitVectors,
  );
  return flags;
}

function kept(
  a: readonly number[],
  b: readonly number[],
  [changedA, changedB]: [Uint8Array, Uint8Array],
): [number[], number[]] {
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
