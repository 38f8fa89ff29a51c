import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commitFiles, git, makeRepository } from '../test/scratch.js';
import { matchTag } from './match-tag.js';

test.each([
  ['v*', 'v1.0.0', true],
  ['v*', 'release', false],
  ['*', 'a/b', true],
  ['v?.?', 'v1.2', true],
  ['v[0-9].*', 'v1.x', true],
  ['v[!0-9]*', 'v1', false],
  ['v[]]', 'v]', true],
  ['\\*', 'x', false],
  ['', '', true],
  ['', 'v', false],
  ['**', 'v', true],
  ['v*-rc*', 'v1-rc', true],
  ['[v', '[v', true],
])('%j against %j is %j', (pattern, name, expected) => {
  expect(matchTag(pattern, name)).toBe(expected);
});

test('agrees with git tag --list', () => {
  const folder = makeRepository();
  commitFiles(folder, {});
  const names = [
    'v1',
    'v1.0',
    'v10',
    'a/v1',
    'b-1',
    'v1-rc.1',
    'V1',
    '1',
    'va',
    'ab',
    'a-b',
    'aab',
  ];
  for (const name of names) git(folder, 'tag', name);
  const part = fc.constantFrom(
    'v',
    '1',
    '*',
    '?',
    '[0-9]',
    '[!a]',
    '[a-c]',
    '.',
    '/',
    'a',
    'b',
    '-',
  );
  const pattern = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(pattern, (text) => {
      const listed = git(folder, 'tag', '--list', '--', text).split('\n').filter(Boolean);
      expect(names.filter((name) => matchTag(text, name)).sort()).toEqual(listed.sort());
    }),
    { numRuns: 60 },
  );
});

test('takes its time only once for each star', () => {
  const pattern = `${'*a'.repeat(30)}b`;
  expect(matchTag(pattern, 'a'.repeat(20_000))).toBe(false);
});
