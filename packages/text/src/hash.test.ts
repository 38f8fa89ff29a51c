import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashBlob, hashSha256 } from './hash.js';

function gitHashObject(content: Uint8Array): string {
  return execFileSync('git', ['hash-object', '--stdin', '--no-filters'], {
    input: content,
    encoding: 'utf8',
  }).trim();
}

test('a blob id is what git hash-object says', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5_000 }), (content) => {
      expect(hashBlob(content)).toBe(gitHashObject(content));
    }),
    { numRuns: 40 },
  );
});

test('the ids of the empty file', () => {
  const empty = new Uint8Array();
  expect(hashBlob(empty)).toBe('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391');
  expect(hashSha256(empty)).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  );
});

test('a view of a larger buffer is hashed alone', () => {
  const whole = new TextEncoder().encode('before|content|after');
  const view = whole.subarray(7, 14);
  expect(hashBlob(view)).toBe(hashBlob(new TextEncoder().encode('content')));
});
