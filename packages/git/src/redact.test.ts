import { expect, test } from 'vitest';
import { findToken, redact, redactValue } from './redact.js';

const SECRET = 'canary/+ü pass';

test.each([
  ['https://user:secret@example.com/x', 'https://example.com/x'],
  ['fatal: https:/u:TOKEN@h.example/x failed', 'fatal: https:/h.example/x failed'],
  ['ssh://git@example.com/x', 'ssh://git@example.com/x'],
  ['ssh://git:pw@example.com/x', 'ssh://example.com/x'],
  ['git@example.com:x', 'git@example.com:x'],
  ['GET /x?private_token=abc&y=1', 'GET /x?private_token=[redacted]&y=1'],
  ['password=hunter2 next', 'password=[redacted] next'],
  ['Authorization: Basic dTpw', 'Authorization: [redacted]'],
  ['"authorization":"Bearer abc"', '"authorization":"[redacted]"'],
  [`see ghp_${'a'.repeat(36)}.`, 'see [redacted].'],
  [`glpat-${'b'.repeat(20)}`, '[redacted]'],
  ['../x, C:/repos/a@b, 0123456789abcdef0123456789abcdef01234567', undefined],
  ['https://example.com/@scope/x?tab=readme#token-rules', undefined],
  ['file:///srv/a@b', undefined],
])('%s', (text, expected) => {
  expect(redact(text)).toBe(expected ?? text);
});

test('knows the secrets it is given, however they are spelled', () => {
  const pair = Buffer.from(`holdfast:${SECRET}`).toString('base64');
  const said = [SECRET, encodeURIComponent(SECRET), JSON.stringify({ a: SECRET }), pair].join('|');
  const shown = redact(said, [SECRET, `holdfast:${SECRET}`]);
  expect(shown).toBe('[redacted]|[redacted]|{"a":"[redacted]"}|[redacted]');
});

test('does not take a short word for a secret', () => {
  expect(redact('a b c', ['', 'a'])).toBe('a b c');
});

test('goes through plain data', () => {
  expect(redactValue({ a: [SECRET, 1, null], [SECRET]: { b: SECRET } }, [SECRET])).toEqual({
    a: ['[redacted]', 1, null],
    '[redacted]': { b: '[redacted]' },
  });
});

test('finds tokens by their form', () => {
  expect(findToken(`x/github_pat_${'A1'.repeat(20)}/y`)).toBe(`github_pat_${'A1'.repeat(20)}`);
  expect(findToken('github.com/org/repo')).toBeUndefined();
});

test('takes time in proportion to the text', () => {
  const hostile = ['a.'.repeat(50_000), 'x-amz-'.repeat(20_000), 'https://'.repeat(10_000)];
  for (const text of hostile) expect(redact(text)).toHaveLength(text.length);
});
