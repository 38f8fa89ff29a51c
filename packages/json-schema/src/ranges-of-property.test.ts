import { expect, it } from 'vitest';
import { rangesOfProperty } from './index.js';

it.each([
  ['\\p{ASCII}', [[0, 0x7f]]],
  ['\\p{Any}', [[0, 0x10ffff]]],
  ['\\P{Any}', []],
  ['\\p{Surrogate}', [[0xd800, 0xdfff]]],
  ['\\p{Script=Deseret}', [[0x10400, 0x1044f]]],
  [
    '\\P{gc=Cs}',
    [
      [0, 0xd7ff],
      [0xe000, 0x10ffff],
    ],
  ],
])('%s', (escape, ranges) => {
  expect(rangesOfProperty(escape)).toEqual(ranges);
});

it('each character is in or out, as the platform says', () => {
  const ranges = rangesOfProperty('\\p{Uppercase}')!;
  const has = /^\p{Uppercase}$/u;
  for (let point = 0; point <= 0x1ffff; point += 7)
    expect(ranges.some(([from, to]) => point >= from && point <= to)).toBe(
      has.test(String.fromCodePoint(point)),
    );
});

it('what nobody knows', () => {
  expect(rangesOfProperty('\\p{Klingon}')).toBeUndefined();
});
