import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scanJson } from './scan-json.js';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('agrees with JSON.parse on what is JSON, and each place holds its value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const problem = scanJson(text, (path, start, end) => {
        const found = path.reduce(
          (inner: unknown, key) => (inner as Record<string, unknown>)[key],
          value,
        );
        expect(JSON.parse(text.slice(start, end))).toEqual(JSON.parse(JSON.stringify(found)));
      });
      expect(problem).toBeUndefined();
    }),
  );
});

const piece = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"a"',
  '"',
  '\\',
  '1',
  '-',
  '01',
  '1e5',
  '1.',
  'true',
  'nul',
  'null',
  ' ',
  '\n',
  '\u0001',
  '"\\u12"',
  '"\\n"',
  '"\t"',
);

test('agrees with JSON.parse on what is none', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join('');
      const problem = scanJson(text, () => undefined);
      expect({ text, isJson: problem === undefined }).toEqual({ text, isJson: isJson(text) });
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['{"a" 1}', 5, 'expected : after the key'],
  ['{a: 1}', 1, 'expected a key in double quotes'],
  ['{"a": 1,}', 8, 'expected a key in double quotes'],
  ['[1 2]', 3, 'expected , or ]'],
  ['[1,]', 3, 'expected a value'],
  ['{"a": 1', 7, 'expected , or }'],
  ['{} x', 3, 'expected nothing after the value'],
  ['["a', 1, 'this string does not end, or holds what must be escaped'],
])('%s', (text, offset, message) => {
  expect(scanJson(text, () => undefined)).toEqual({ offset, message });
});
