import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isRefName } from './ref-name.js';

test('accepts what git check-ref-format accepts, but for leading dashes', () => {
  const part = fc.constantFrom(
    'a',
    '/',
    '.',
    '..',
    '.lock',
    '@',
    '{',
    '@{',
    '~',
    '^',
    ':',
    '?',
    '*',
    '[',
    '\\',
    ' ',
    '\u007f',
    'ü',
    '-',
    'b',
  );
  const name = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(name, (text) => {
      const full = `refs/heads/${text}`;
      const { status } = spawnSync('git', ['check-ref-format', full]);
      expect(isRefName(full), full).toBe(status === 0);
    }),
    { numRuns: 150 },
  );
  expect(isRefName('--upload-pack=x')).toBe(false);
});
