import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinPatterns, matchesPattern, splitPatterns, toSqliteGlob } from './key-pattern.js';

test.each([
  ['memory:*', ['memory:*']],
  ['memory:*,notes:entry:*', ['memory:*', 'notes:entry:*']],
  ['memory:*, notes:entry:* ', ['memory:*', 'notes:entry:*']],
  ['a\\,b,c', ['a,b', 'c']],
  ['a\\\\,b', ['a\\\\', 'b']],
  ['a\\ ,b', ['a\\ ', 'b']],
])('%j is taken apart into %j', (list, patterns) => {
  expect(splitPatterns(list)).toEqual(patterns);
});

test.each([
  ['', 'is empty'],
  ['a,,b', 'is empty'],
  ['a\\', 'ends with a \\ that escapes nothing'],
  ['a\\\\\\', 'ends with a \\ that escapes nothing'],
  ['\ud800*', 'holds a character that no key can have (NUL, or half of a surrogate pair)'],
  ['x'.repeat(4097), 'is longer than 4096 characters'],
])('%j is refused', (list, why) => {
  expect(() => splitPatterns(list)).toThrow(why);
});

test.each([
  ['a_b', 'a_b', true],
  ['a_b', 'axb', false],
  ['100%', '100%', true],
  ['100%', '100 and more', false],
  ['A*', 'abc', false],
  ['a?c', 'a😀c', true],
  ['a[bc]', 'ab', false],
  ['a[bc]', 'a[bc]', true],
  ['a\\*', 'a*', true],
  ['a\\*', 'ab', false],
  ['*', '', true],
  ['**b**', 'abc', true],
  ['line*', 'line\nfeed', true],
])('pattern %j, key %j: %s', (pattern, key, expected) => {
  expect(matchesPattern(key, pattern)).toBe(expected);
});

const character = fc.constantFrom(...'ab*?\\[]^-_%,: é😀\n');
const text = fc.array(character, { maxLength: 12 }).map((parts) => parts.join(''));
const pattern = text.filter((one) => one !== '' && !/(?:^|[^\\])(?:\\\\)*\\$/.test(one));

test('the store and the library match alike', () => {
  const statement = new DatabaseSync(':memory:').prepare('SELECT ? GLOB ? AS matches');
  fc.assert(
    fc.property(text, pattern, (key, one) => {
      const { matches } = statement.get(key, toSqliteGlob(one)) as { matches: number };
      expect(matchesPattern(key, one)).toBe(matches === 1);
    }),
    { numRuns: 2000 },
  );
});

test('a list that was joined is taken apart into patterns that match the same', () => {
  fc.assert(
    fc.property(fc.array(pattern, { minLength: 1, maxLength: 4 }), (patterns) => {
      const apart = splitPatterns(joinPatterns(patterns));
      expect(apart.map(toSqliteGlob)).toEqual(patterns.map(toSqliteGlob));
    }),
    { numRuns: 2000 },
  );
});

test('a pattern of many wildcards takes no exponential time', () => {
  expect(matchesPattern('a'.repeat(20_000), `${'*a'.repeat(200)}b`)).toBe(false);
});
