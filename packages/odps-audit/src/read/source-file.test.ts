import { readYaml } from '@holdfast/text';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify, type ToStringOptions } from 'yaml';
import { goodProject } from '../../test/sandbox.js';
import { createSourceFile } from './source-file.js';

/** What the careful reader says; the quick one must say the same, or leave the file to it. */
function check(text: string): void {
  const file = createSourceFile('x.yaml', new TextEncoder().encode(text));
  const careful = readYaml(text, { mergeKeys: true, maxDepth: 100 });
  const values = careful.values.filter(({ isEmpty }) => !isEmpty).map(({ value }) => value);
  // An explicit null is a document of its own for the one, and none for the other.
  const plain = (all: readonly unknown[]) => JSON.stringify(all.filter((value) => value !== null));
  expect(plain(file.documents)).toBe(plain(values));
  expect(file.problems.map(({ message }) => message)).toEqual(
    careful.problems.map(({ message }) => message),
  );
}

it.each([
  ...Object.values(goodProject).map((text) => text as string),
  'a: 1_000\nb: 0b11\nc: 0o17\nd: 017\ne: 0x1F\nf: 1e3\ng: .5\nh: 1.\ni: +1\nj: -0\nk: .inf\nl: 12:30:45\n',
  'a: yes\nb: No\nc: on\nd: TRUE\ne: Null\nf: ~\ng:\nh: "~"\ni: 2024-01-15\nj: 2024-01-15T10:30:00Z\n',
  'a: &x {b: 1}\nc: {<<: *x, d: 2}\n',
  "\"a\": \"\\u00e9 \\x41 \\n\"\n'b': 'it''s'\nc: |\n  one\n   two\n\nd: >-\n  one\n  two\n\n  three\ne: plain\n  more\n",
  'a: [1, {b: 2}, [3]]\nb: {c: , d}\n',
  '# only a comment\n',
  '--- # one\na: 1\n...\n---\nb: 2\n',
  'a: 1\na: 2\n',
  '\ta: 1\n',
  'a: b: c\n',
  '- [a, b\n',
  '\ufeffa: 1\r\nb: 2\r\n',
  '1: one\n2.0: two\ntrue: three\nnull: four\n',
  'on:\n  push:\n',
  'a: !!str 1\nb: !custom x\n',
  'a: "x\\\n  y"\n',
  'a: https://example.com/#b\nb: x #c\nd: x#e\n',
  'a: @x\n',
  'a: `x\n',
  'a: %x\n',
  'key with spaces: 1\n? x\n: y\n',
])('reads quickly what it reads carefully: %j', check);

it('reads quickly what it reads carefully, of any data in any style', () => {
  const scalar = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom(
      '1_0',
      '0o7',
      'yes',
      '2024-01-01',
      '1:30',
      '<<',
      '=',
      '-',
      '?',
      '*a',
      '&a',
      '!x',
      '0b1',
      '.5',
      '1.',
      '+.inf',
      '0x1',
      '08',
      '1e5',
      '- x',
      'a: b',
      'a #b',
    ),
  );
  const data = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      scalar,
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(
        fc.oneof(fc.string(), fc.constantFrom('1', 'on', 'true', '<<', '~')),
        tie('any'),
        { maxKeys: 4, noNullPrototype: true },
      ),
    ),
  })).any;
  const style = fc.record({
    indent: fc.constantFrom(2, 4),
    indentSeq: fc.boolean(),
    collectionStyle: fc.constantFrom('any', 'block', 'flow'),
    singleQuote: fc.constantFrom(true, false, null),
    lineWidth: fc.constantFrom(0, 20, 80),
    version: fc.constantFrom('1.1', '1.2'),
  });
  fc.assert(
    fc.property(data, style, (value, { version: _, ...options }) =>
      check(stringify(value, options as ToStringOptions)),
    ),
    { numRuns: 1000, seed: 5 },
  );
});
