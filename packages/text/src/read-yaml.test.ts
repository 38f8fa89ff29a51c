import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parsePointer, type KeyPath } from './json-pointer.js';
import { readYaml, type ReadYamlOptions } from './read-yaml.js';

function problemsOf(text: string, options: ReadYamlOptions = {}): string[] {
  return readYaml(text, options).problems.map(
    ({ code, message, start }) => `${start} ${code}: ${message}`,
  );
}

function valuesOf(text: string, options: ReadYamlOptions = {}): unknown[] {
  return readYaml(text, options).values.map(({ value }) => value);
}

describe('says what is wrong', () => {
  it.each([
    [
      'a: [1',
      '5 syntax: flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['a: 1\n b: 2', '3 syntax: nested mappings are not allowed in compact mappings'],
    ['a: 1\na: 2', '5 duplicate-key: the key "a" stands here twice'],
    ['1: a\n"1": b', '5 duplicate-key: the key "1" stands here twice'],
    ['__proto__: 1', '0 prototype-key: the key "__proto__" is not data'],
    ['? [a]\n: 1', '2 complex-key: a key must be a plain name'],
    ['~: 1', '0 complex-key: a key must be a plain name'],
    ['a: !Ref b', '3 unknown-tag: unresolved tag: !Ref'],
    ['a: &a [*a]', '7 alias: the alias *a stands for what it is part of'],
    [
      'a: [*.md]',
      '4 alias: *.md is an alias, and nothing before it has the anchor &.md; quote it if it is text: "*.md"',
    ],
  ])('%j', (text, problem) => {
    expect(problemsOf(text)[0]).toBe(problem);
  });
});

it('reads several documents, and tags over', () => {
  expect(valuesOf('a: &x {b: 1}\n---\nc: !Ref d\n--- *x\n---\n- 0o17\n- 0x1f\n- yes\n')).toEqual([
    { a: { b: 1 } },
    { c: 'd' },
    [15, 31, 'yes'],
  ]);
});

it('a document without content is empty, and null', () => {
  const read = (text: string) =>
    readYaml(text).values.map(({ value, isEmpty }) => [value, isEmpty]);
  expect(read('')).toEqual([[null, true]]);
  expect(read('# a comment\n')).toEqual([[null, true]]);
  expect(read('null')).toEqual([[null, false]]);
  expect(read('a: 1\n---\n# nothing\n')).toEqual([
    [{ a: 1 }, false],
    [null, true],
  ]);
});

it('a YAML 1.1 directive does not change what values mean', () => {
  expect(valuesOf('%YAML 1.1\n---\n[yes, 0755]')).toEqual([['yes', 755]]);
});

it('keys keep their spelling', () => {
  expect(valuesOf('1.0: a\ntrue: b\n0x10: c')).toEqual([{ '1.0': 'a', true: 'b', '0x10': 'c' }]);
});

it('merges keys where that is asked for', () => {
  const text = 'a: &a {b: 1, c: 1}\nd: &d {c: 2, e: 2}\nf: {b: 0, <<: [*a, *d]}\ng: {<<: *d, e: 3}';
  const merged = { f: { b: 0, c: 1, e: 2 }, g: { c: 2, e: 3 } };
  const [value] = readYaml(text, { mergeKeys: true }).values;
  expect(value!.value).toMatchObject(merged);
  expect(value!.spanOf(['f', 'e'])).toEqual({ start: 35, end: 36 });
  expect(value!.spanOf(['g', 'e'])).toEqual({ start: text.length - 2, end: text.length - 1 });
  expect(valuesOf('a: &a {b: 1}\nc: {<<: *a}')).toEqual([{ a: { b: 1 }, c: { '<<': { b: 1 } } }]);
});

it('an alias is what its anchor was at its place', () => {
  expect(valuesOf('[&a 1, *a, &a 2, *a]')).toEqual([[1, 1, 2, 2]]);
});

describe('what is built to hurt is refused', () => {
  it('aliases that multiply', () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const item = level === 0 ? 'x' : `*a${level - 1}`;
      return `a${level}: &a${level} [${Array(9).fill(item).join(', ')}]`;
    });
    const bomb = 'alias-bomb: its aliases come to more than 100000 values: an alias bomb';
    expect(problemsOf(levels.join('\n'))).toEqual([`261 ${bomb}`]);
    expect(valuesOf(levels.join('\n'))).toEqual([]);
    expect(problemsOf(`a: &a 1\nb: [${'*a,'.repeat(100_001)}]`)).toEqual([`300012 ${bomb}`]);
  });

  it('aliases that nest', () => {
    const chain = Array.from(
      { length: 500 },
      (_, index) => `k${index}: &k${index} [${index > 0 ? `*k${index - 1}` : ''}]`,
    ).join('\n');
    expect(problemsOf(chain)[0]).toContain(
      'too-deep: nested deeper than 200 levels by its aliases',
    );
  });

  it('what nests', () => {
    expect(problemsOf('a: [[[1]]]', { maxDepth: 3 })).toEqual([
      '5 too-deep: nested deeper than 3 levels',
    ]);
    expect(problemsOf('a: [[[1]]]', { maxDepth: 4 })).toEqual([]);
    for (const deep of ['['.repeat(500_000), '- '.repeat(500_000), '{a: '.repeat(200_000)]) {
      expect(problemsOf(deep)).toEqual([
        expect.stringContaining('too-deep: nested deeper than 200 levels'),
      ]);
    }
    expect(valuesOf(`a: 1\n---\n${'['.repeat(300)}`)).toEqual([{ a: 1 }]);
  });

  it('what is too long', () => {
    expect(problemsOf('a: 1', { maxLength: 3 })).toEqual([
      '0 too-large: longer than the 3 characters that a YAML text may have',
    ]);
  });

  it('one key again and again, in linear time', () => {
    expect(problemsOf('a: 1\n'.repeat(20_000))).toHaveLength(19_999);
  });
});

it('lets one value stand in thousands of places', () => {
  expect(problemsOf(`a: &a {b: 1}\nc: [${'*a,'.repeat(40_000)}]`)).toEqual([]);
});

it('finds the places of values and keys, through aliases and numbers as keys', () => {
  const text = '\ufeffa: &x\n  1: [p, q]\nb: *x\nc:\n';
  const { spanOf, closestSpan } = readYaml(text).values[0]!;
  const at = (path: KeyPath, part?: 'key') => {
    const span = spanOf(path, part);
    return span && text.slice(span.start, span.end);
  };
  expect(at(parsePointer('/a/1/1'))).toBe('q');
  expect(at(['b', 1, 0])).toBe('p');
  expect(at(['a', '1'], 'key')).toBe('1');
  expect(at(['c'])).toBe('');
  expect(at(['b', 2])).toBeUndefined();
  expect(at(['a', '1', 2])).toBeUndefined();
  expect(closestSpan(['a', '1', 2])).toEqual(spanOf(['a', '1']));
});

it('reads what was written, and each place holds its value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.boolean(), (json, flow) => {
      const plain = JSON.stringify(json).replaceAll('__proto__', 'proto');
      const value = JSON.parse(plain) as unknown;
      const text = stringify(value, { schema: 'core', collectionStyle: flow ? 'flow' : 'any' });
      const read = readYaml(text);
      expect(read.values[0]?.value).toEqual(value);
      expect(read.problems).toEqual([]);
      const pending: { path: KeyPath; part: unknown }[] = [{ path: [], part: value }];
      for (let next = pending.pop(); next; next = pending.pop()) {
        const { path, part } = next;
        const span = read.values[0]!.spanOf(path)!;
        const line = text.lastIndexOf('\n', span.start - 1) + 1;
        const alone = ' '.repeat(span.start - line) + text.slice(span.start, span.end);
        if (!flow) expect(readYaml(alone).values[0]?.value).toEqual(part);
        if (typeof part !== 'object' || part === null) continue;
        for (const [key, inner] of Object.entries(part))
          pending.push({ path: [...path, key], part: inner });
      }
    }),
    { numRuns: 60 },
  );
});
