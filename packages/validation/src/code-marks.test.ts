import { expect, it } from 'vitest';
import { withoutCodeMarks } from './code-marks.js';

it.each([
  ['{"a": 1, // [!code --]\n"a": 2 // [!code ++]\n}', '\n"a": 2\n}'],
  ['a: 1 # [!code --]\na: 2 # [!code ++]\n', '\na: 2\n'],
  ['a: 1 # [!code highlight:2]\n', 'a: 1\n'],
  ['a: "[!code]"', 'a: "[!code]"'],
])('%j', (content, seen) => {
  const read = withoutCodeMarks(content);
  expect(read.length).toBe(content.length);
  expect(read.replace(/[ \t]+$/gm, '')).toBe(seen);
});
