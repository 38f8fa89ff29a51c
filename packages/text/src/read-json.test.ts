import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePointer } from './json-pointer.js';
import type { Span } from './place.js';
import { readJson } from './read-json.js';

function problemsOf(text: string, options = {}): string[] {
  return readJson(text, options).problems.map(
    ({ code, message, start, end }) => `${start}-${end} ${code}: ${message}`,
  );
}

describe('readJson', () => {
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
    const { values, problems } = readJson('// a\n{"a": [1, /* b */ 2,],}', { comments: true });
    expect([values[0]?.value, problems]).toEqual([{ a: [1, 2] }, []]);
  });

  it('refuses what nests too deeply, however deeply', () => {
    expect(problemsOf('[[[]]]', { maxDepth: 2 })).toEqual([
      '2-3 too-deep: nested deeper than 2 levels',
    ]);
    expect(problemsOf('['.repeat(1_000_000))).toHaveLength(1);
    const deep = '['.repeat(300_000) + ']'.repeat(300_000);
    expect(readJson(deep, { maxDepth: 300_000 }).values).toHaveLength(1);
  });

  it('keeps __proto__ as data', () => {
    const { values } = readJson('{"__proto__": {"polluted": true}}');
    expect(Object.getOwnPropertyNames(values[0]?.value)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('finds the places of values and keys', () => {
    const text = '{"a/b": [1, {"~": "x"}]}';
    const { spanOf, closestSpan } = readJson(text).values[0]!;
    const at = (span?: Span) => span && text.slice(span.start, span.end);
    const pointer = parsePointer('/a~1b/1/~0');
    expect([at(spanOf(pointer)), at(spanOf(pointer, 'key')), at(spanOf(['a/b', 0]))]).toEqual([
      '"x"',
      '"~"',
      '1',
    ]);
    expect(at(spanOf([]))).toBe(text);
    expect(at(spanOf(['a/b', 7]))).toBeUndefined();
    expect(at(closestSpan(['a/b', 7, 'deeper']))).toBe('[1, {"~": "x"}]');
  });

  it('says no more than that a text is too long', () => {
    expect(problemsOf('[1, 2, 3]', { maxLength: 8 })).toEqual([
      '0-0 too-large: longer than the 8 characters that a JSON text may have',
    ]);
  });

  it('each place holds its value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        const text = `\ufeff${JSON.stringify(value, null, indent)}`;
        const [read] = readJson(text).values;
        const pending: { path: (string | number)[]; part: unknown }[] = [
          { path: [], part: read!.value },
        ];
        for (let next = pending.pop(); next; next = pending.pop()) {
          const { path, part } = next;
          const { start, end } = read!.spanOf(path)!;
          expect(JSON.parse(text.slice(start, end))).toEqual(part);
          if (typeof part !== 'object' || part === null) continue;
          for (const [key, inner] of Object.entries(part)) {
            pending.push({ path: [...path, Array.isArray(part) ? Number(key) : key], part: inner });
          }
        }
      }),
    );
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
        const { values, problems } = readJson(text);
        const syntax = problems.filter(({ code }) => code === 'syntax');
        expect(syntax.length === 0).toBe(expected !== undefined);
        if (expected) expect(values[0]?.value).toEqual(expected.value);
      }),
      { numRuns: 2000 },
    );
  });
});
