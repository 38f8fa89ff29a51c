import { expect, test } from 'vitest';
import { countEqual, packLines } from './packed-lines.js';

test('tells how many lines are equal from a place on, and before it', () => {
  const a = Int32Array.of(900, 7, 7, 7, 55, 900, 7, 7, 7, 55, 1);
  const b = Int32Array.of(7, 7, 7, 55, 7, 7, 55);
  const packed = packLines(a, b)!;
  expect(countEqual(packed.fromA[1]! ^ packed.fromB[0]!)).toBe(4);
  expect(countEqual(packed.fromA[7]! ^ packed.fromB[4]!)).toBe(3);
  expect(countEqual(packed.beforeA[10]! ^ packed.beforeB[7]!)).toBe(3);
  expect(countEqual(packed.beforeA[11]! ^ packed.beforeB[7]!)).toBe(0);
});

test('no text goes on as another does after its end, or before its start', () => {
  const packed = packLines(Int32Array.of(0), Int32Array.of(0))!;
  expect(countEqual(packed.fromA[0]! ^ packed.fromB[0]!)).toBe(1);
  expect(countEqual(packed.fromA[1]! ^ packed.fromB[1]!)).toBe(0);
  expect(countEqual(packed.beforeA[0]! ^ packed.beforeB[0]!)).toBe(0);
});

test('packs up to fourteen different lines', () => {
  const lines = (count: number): Int32Array =>
    Int32Array.from({ length: 40 }, (_, at) => at % count);
  expect(packLines(lines(14), lines(3))).toBeDefined();
  expect(packLines(lines(3), lines(15))).toBeUndefined();
});
