import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayShareRun } from './shared-runs.js';

const ids = fc.array(fc.nat({ max: 2 }), { maxLength: 60 }).map((list) => Int32Array.from(list));

test('finds every run that two texts share', () => {
  fc.assert(
    fc.property(ids, ids, fc.integer({ min: 1, max: 6 }), (a, b, length) => {
      const runs = (text: Int32Array): Set<string> =>
        new Set(
          Array.from({ length: Math.max(0, text.length - length + 1) }, (_, at) =>
            text.subarray(at, at + length).join(),
          ),
        );
      const inB = runs(b);
      expect(mayShareRun(a, b, length)).toBe([...runs(a)].some((run) => inB.has(run)));
    }),
  );
});

test('finds none where a run is cut short', () => {
  const a = Int32Array.from({ length: 3000 }, (_, at) => at);
  const b = a.map((id, at) => (at % 20 === 19 ? 5000 + id : id));
  expect(mayShareRun(a, b, 19)).toBe(true);
  expect(mayShareRun(a, b, 20)).toBe(false);
});
