import { spawnSync } from 'node:child_process';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { isBranchName } from './branch-name.js';

function accepts(name: string): boolean {
  return spawnSync('git', ['check-ref-format', '--branch', name]).status === 0;
}

test.each([
  ...['main', 'sync/v1.2.0/rule-a', 'ünïcode', 'a@b', '@x', 'a.lockx', "it's", 'a}b', 'a"b'],
  ...['', 'HEAD', '-x', '/x', 'x/', 'a//b', '.a', 'a/.b', 'a.', 'a..b', 'a.lock', 'a.lock/b'],
  ...['a b', 'a~1', 'a^', 'a:b', 'a?', 'a*', 'a[b', 'a\\b', 'a@{1}', 'a\tb', 'a\u007fb', 'a./b'],
])('%j: as git says', (name) => {
  expect(isBranchName(name)).toBe(accepts(name));
});

test('what is accepted, git accepts too', () => {
  const piece = fc.constantFrom(
    'a',
    '.',
    '/',
    '@',
    '{',
    '.lock',
    '-',
    '~',
    ' ',
    '\u0001',
    'é',
    '*',
  );
  const names = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(names, (name) => {
      if (isBranchName(name)) expect(accepts(name)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('a name beyond 240 characters is refused', () => {
  expect(isBranchName('x'.repeat(240))).toBe(true);
  expect(isBranchName('x'.repeat(241))).toBe(false);
});
