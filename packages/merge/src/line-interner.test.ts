import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitLines, text } from '../test/arbitraries.js';
import { LineInterner } from './line-interner.js';

const encode = (content: string): Uint8Array => new TextEncoder().encode(content);

test('gives equal lines of all texts the same id, and different ones different ids', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (contents) => {
      const interner = new LineInterner();
      const indexes = contents.map((content) => interner.add(encode(content)));
      const known = new Map<string, number>();
      contents.forEach((content, at) => {
        const { starts, ids, count, bytes } = indexes[at]!;
        const lines = splitLines(content);
        expect(count).toBe(lines.length);
        lines.forEach((line, index) => {
          expect(bytes.subarray(starts[index]!, starts[index + 1]!)).toEqual(encode(line));
          known.set(line, known.get(line) ?? ids[index]!);
          expect(ids[index]).toBe(known.get(line));
        });
      });
      expect(new Set(known.values()).size).toBe(known.size);
      expect(interner.classes).toBe(known.size);
    }),
  );
});

test('tells thousands of lines apart that were made to share one hash', () => {
  const lines = collidingLines(3000);
  const bytes = new Uint8Array(
    lines.flatMap(([first, last]) => [...wordBytes(first), ...wordBytes(last)]),
  );
  const interner = new LineInterner();
  const index = interner.add(bytes);
  expect(index.count).toBe(3000);
  expect(new Set(index.ids).size).toBe(3000);
  expect(interner.add(bytes.slice(8)).ids).toEqual(index.ids.subarray(1));
});

/** Lines of two words: the second undoes what the first did to the hash, where that gives a line. */
function collidingLines(count: number): [first: number, last: number][] {
  const stateAfter = (word: number): number => {
    const mixed = Math.imul(0x2545f491 ^ word, 0x5bd1e995);
    return mixed ^ (mixed >>> 15);
  };
  const target = stateAfter(0x20202020) ^ 0x0a202020;
  const lines: [number, number][] = [];
  for (let first = 0x20202020; lines.length < count; first++) {
    const last = stateAfter(first) ^ target;
    const isLine = last >>> 24 === 0x0a && !wordBytes(last).slice(0, 3).includes(0x0a);
    if (isLine && !wordBytes(first).includes(0x0a)) lines.push([first, last]);
  }
  return lines;
}

function wordBytes(word: number): number[] {
  return [word & 0xff, (word >>> 8) & 0xff, (word >>> 16) & 0xff, word >>> 24];
}
