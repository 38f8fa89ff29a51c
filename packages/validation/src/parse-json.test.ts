import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from './parse-json.js';

function problemsOf(text: string, options = {}): string[] {
  return parseJson(text, options).problems.map(
    ({ code, message, start, end }) => `${start}-${end} ${code}: ${message}`,
  );
}

describe('parseJson', () => {
  it.each([
    ['', '0-0 syntax: expected a value, got the end of the text'],
    ['{"a": tru}', '6-7 syntax: expected a value, got "t"'],
    ['{"a": 01}', '6-7 syntax: expected a value, got "0"'],
    ['{"a" 1}', '5-6 syntax: expected ":" after the key "a", got "1"'],
    ['{a: 1}', '1-2 syntax: expected a key in double quotes, got "a"'],
    ['[1, 2', '0-1 syntax: "[" is not closed'],
    ['[1,]', '2-3 syntax: a comma before "]"'],
    ['[1 2]', '3-4 syntax: expected "," or "]", got "2"'],
    ['"a\nb"', '0-2 syntax: the string is not closed'],
    ['"\\x"', '0-4 syntax: the string holds an escape that JSON does not have'],
    ['{} x', '3-4 syntax: expected the end of the text, got "x"'],
    ['{"a": 1 /* x */}', '8-9 syntax: expected "," or "}", got "/"'],
    ['{"a": 1, "a": 2}', '9-12 duplicate-key: the key "a" stands here twice'],
    ['{"__proto__": 1}', '1-12 prototype-key: the key "__proto__" is not data'],
  ])('says what is wrong with %j', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it('reads comments and trailing commas where they are allowed', () => {
    const { values, problems } = parseJson('// a\n{"a": [1, /* b */ 2,],}', { comments: true });
    expect([values[0]?.value, problems]).toEqual([{ a: [1, 2] }, []]);
  });

  it('refuses what nests too deeply, however deeply', () => {
    expect(problemsOf('[[[]]]', { maxDepth: 2 })).toEqual([
      '2-3 too-deep: nested deeper than 2 levels',
    ]);
    expect(problemsOf('['.repeat(1_000_000))).toHaveLength(1);
  });

  it('keeps __proto__ as data', () => {
    const { values } = parseJson('{"__proto__": {"polluted": true}}');
    expect(Object.getOwnPropertyNames(values[0]?.value)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('finds the places of parts by pointer', () => {
    const text = '{"a/b": [1, {"~": "x"}]}';
    const { locate } = parseJson(text).values[0]!;
    const at = (pointer: string) => text.slice(locate(pointer).start, locate(pointer).end);
    expect([at('/a~1b/1/~0'), at('/a~1b/0'), at('/a~1b/7'), at('')]).toEqual([
      '"x"',
      '1',
      '[1, {"~": "x"}]',
      text,
    ]);
  });

  it('reads what JSON.parse reads, and refuses what it refuses', () => {
    const broken = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', '[', '1', 'e', '.', '\\'))
      .map(([json, at, piece]) => {
        const place = at % (json.length + 1);
        return json.slice(0, place) + piece + json.slice(place + 1);
      });
    fc.assert(
      fc.property(fc.oneof(fc.json(), broken), (text) => {
        let expected: { value: unknown } | undefined;
        try {
          expected = { value: JSON.parse(text) as unknown };
        } catch {
          expected = undefined;
        }
        const { values, problems } = parseJson(text);
        const syntax = problems.filter(({ code }) => code === 'syntax');
        expect(syntax.length === 0).toBe(expected !== undefined);
        if (expected) expect(values[0]?.value).toEqual(expected.value);
      }),
      { numRuns: 2000 },
    );
  });
});
