import { describe, expect, it } from 'vitest';
import { parseYaml } from './parse-yaml.js';

function problemsOf(text: string, options = {}): string[] {
  return parseYaml(text, options).problems.map(
    ({ code, message, start }) => `${start} ${code}: ${message}`,
  );
}

describe('parseYaml', () => {
  it.each([
    [
      'a: [1',
      '5 syntax: flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['a: 1\n b: 2', '3 syntax: nested mappings are not allowed in compact mappings'],
    ['a: 1\na: 2', '5 duplicate-key: the key "a" stands here twice'],
    ['__proto__: 1', '0 prototype-key: the key "__proto__" is not data'],
    [
      'a: [*.md]',
      '4 syntax: *.md is an alias, and nothing before it has the anchor &.md; quote it if it is text: "*.md"',
    ],
  ])('says what is wrong with %j', (text, problem) => {
    expect(problemsOf(text)[0]).toBe(problem);
  });

  it('reads several documents, merge keys and unknown tags', () => {
    const { values, problems } = parseYaml(
      'a: &x {b: 1}\n---\nc: !Ref d\n---\ne: &y {f: 1}\ng: {<<: *y, h: 2}\n',
    );
    expect(problems).toEqual([]);
    expect(values.map(({ value }) => value)).toEqual([
      { a: { b: 1 } },
      { c: 'd' },
      { e: { f: 1 }, g: { f: 1, h: 2 } },
    ]);
  });

  it('refuses aliases that multiply', () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const item = level === 0 ? 'x' : `*a${level - 1}`;
      return `a${level}: &a${level} [${Array(9).fill(item).join(', ')}]`;
    });
    expect(problemsOf(levels.join('\n'))).toEqual([
      '0 alias-bomb: its aliases stand for aliases, and so come to more than 10000: an alias bomb',
    ]);
    expect(problemsOf(`a: &a 1\nb: [${'*a,'.repeat(10_001)}]`)).toEqual([
      '30012 alias-bomb: more than 10000 aliases',
    ]);
  });

  it('lets one value stand in thousands of places', () => {
    expect(problemsOf(`a: &a {b: 1}\nc: [${'*a,'.repeat(9000)}]`)).toEqual([]);
  });

  it('refuses what nests too deeply and what is too long', () => {
    expect(problemsOf('a: [[[1]]]', { maxDepth: 3 })).toEqual([
      '5 too-deep: nested deeper than 3 levels',
    ]);
    expect(problemsOf('a: 1', { maxLength: 3 })).toEqual([
      '0 too-large: longer than the 3 characters that a YAML document may have',
    ]);
  });

  it('finds the places of parts by pointer, through aliases and numbers as keys', () => {
    const text = 'a: &x\n  1: [p, q]\nb: *x\n';
    const { locate } = parseYaml(text).values[0]!;
    const at = (pointer: string) => text.slice(locate(pointer).start, locate(pointer).end);
    expect([at('/a/1/1'), at('/b/1/0')]).toEqual(['q', 'p']);
  });
});
