import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyEdits,
  composeMaps,
  mapEdits,
  mapToSource,
  type Edit,
  type SourceMap,
} from './edits.js';

/** Sorted edits of a text of a given length, which do not touch. */
function editsOf(length: number): fc.Arbitrary<Edit[]> {
  const offsets = fc.uniqueArray(fc.nat(length), { maxLength: 10 });
  return fc
    .tuple(offsets, fc.array(fc.string({ maxLength: 4 }), { minLength: 5, maxLength: 5 }))
    .map(([places, texts]) => {
      const sorted = places.sort((a, b) => a - b);
      return texts.flatMap((text, index) => {
        const [start, end] = sorted.slice(2 * index, 2 * index + 2);
        return start === undefined || end === undefined ? [] : [{ start, end, text }];
      });
    });
}

/** What is between the entries is the same on both sides. */
function expectCopies(before: string, after: string, map: SourceMap): void {
  let source = 0;
  let target = 0;
  const last = {
    source: { start: before.length, end: 0 },
    target: { start: after.length, end: 0 },
  };
  for (const entry of [...map, last]) {
    expect(after.slice(target, entry.target.start)).toBe(before.slice(source, entry.source.start));
    source = entry.source.end;
    target = entry.target.end;
  }
}

test('a composed map leads from the first text to the last', () => {
  const cases = fc
    .string({ maxLength: 30 })
    .chain((text) => fc.tuple(fc.constant(text), editsOf(text.length)))
    .chain(([text, first]) =>
      fc.tuple(fc.constant(text), fc.constant(first), editsOf(applyEdits(text, first).length)),
    );
  fc.assert(
    fc.property(cases, ([text, first, second]) => {
      const middle = applyEdits(text, first);
      const result = applyEdits(middle, second);
      expectCopies(text, middle, mapEdits(first));
      expectCopies(text, result, composeMaps(mapEdits(first), mapEdits(second)));
    }),
    { numRuns: 2000 },
  );
});

describe('mapToSource', () => {
  const map = mapEdits([{ start: 4, end: 6, text: 'long' }]); // 0123[45]678 → 0123[long]678
  test.each([
    ['before', { start: 1, end: 3 }, { start: 1, end: 3 }],
    ['within', { start: 5, end: 6 }, { start: 4, end: 6 }],
    ['across', { start: 2, end: 5 }, { start: 2, end: 6 }],
    ['exactly', { start: 4, end: 8 }, { start: 4, end: 6 }],
    ['after', { start: 8, end: 10 }, { start: 6, end: 8 }],
  ])('%s', (_name, target, source) => {
    expect(mapToSource(map, target)).toEqual(source);
  });
});
