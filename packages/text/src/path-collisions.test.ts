import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findPathCollisions } from './path-collisions.js';

describe('collisions', () => {
  test.each([
    [['a', 'a'], [{ kind: 'duplicate', paths: ['a', 'a'] }]],
    [['README.md', 'readme.md'], [{ kind: 'case', paths: ['README.md', 'readme.md'] }]],
    [['Docs/a.md', 'docs/A.md'], [{ kind: 'case', paths: ['Docs/a.md', 'docs/A.md'] }]],
    [['\u00e9.md', 'e\u0301.md'], [{ kind: 'unicode', paths: ['e\u0301.md', '\u00e9.md'] }]],
    [['\u00c9.md', 'e\u0301.md'], [{ kind: 'case', paths: ['e\u0301.md', '\u00c9.md'] }]],
    [['stra\u00dfe', 'STRASSE'], [{ kind: 'case', paths: ['STRASSE', 'stra\u00dfe'] }]],
    [['a/b', 'a', 'a/c/d'], [{ kind: 'directory', paths: ['a', 'a/b', 'a/c/d'] }]],
    [['A', 'a/b'], [{ kind: 'directory', paths: ['A', 'a/b'] }]],
    [
      ['x', 'X', 'x/y'],
      [
        { kind: 'case', paths: ['X', 'x'] },
        { kind: 'directory', paths: ['X', 'x/y'] },
        { kind: 'directory', paths: ['x', 'x/y'] },
      ],
    ],
  ] as const)('%j', (paths, expected) => {
    expect(findPathCollisions(paths)).toEqual(expected);
  });
});

test.each([
  [[]],
  [['a', 'b']],
  [['Docs/a', 'docs/b']],
  [['a', 'ab/c']],
  [['__proto__', 'constructor', 'a/__proto__']],
])('none in %j', (paths) => {
  expect(findPathCollisions(paths)).toEqual([]);
});

const name = fc.constantFrom('a', 'A', 'b', 'é', 'e\u0301', 'É', 'ß', 'ss');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));

test('the outcome does not depend on the order of the paths', () => {
  const shuffled = fc
    .array(path, { maxLength: 12 })
    .chain((paths) =>
      fc.tuple(fc.constant(paths), fc.shuffledSubarray(paths, { minLength: paths.length })),
    );
  fc.assert(
    fc.property(shuffled, ([paths, others]) => {
      expect(findPathCollisions(others)).toEqual(findPathCollisions(paths));
    }),
  );
});

test('two paths collide as a pair, whichever comes first, exactly when they do among others', () => {
  fc.assert(
    fc.property(path, path, fc.array(path, { maxLength: 5 }), (a, b, others) => {
      const pair = findPathCollisions([a, b]);
      expect(findPathCollisions([b, a])).toEqual(pair);
      if (pair.length > 0) expect(findPathCollisions([a, ...others, b]).length).toBeGreaterThan(0);
    }),
  );
});

test('ten thousand files two thousand folders deep are compared at once', () => {
  const deep = 'd/'.repeat(2000);
  const paths = Array.from({ length: 10_000 }, (_, index) => `${deep}f${index}.md`);
  expect(findPathCollisions([...paths, 'd/D'])).toEqual([
    { kind: 'directory', paths: ['d/D', ...[...paths].sort()] },
  ]);
});
