import { expect, test } from 'vitest';
import { formatLines as formatFindings } from '@holdfast/findings';
import { parseManifest } from './parse-manifest.js';

function explain(text: string): string {
  const parsed = parseManifest(text, { file: 'm.json' });
  return parsed.kind === 'invalid' ? formatFindings(parsed.findings) : 'parsed';
}

const header = {
  version: 1,
  rule_id: 'a',
  source_repo: 'o/a',
  source_commit: '3'.repeat(40),
  source_ref: 'v1',
  synced_at: '2026-01-30T12:00:00Z',
  synced_by: 'x',
  transforms_digest: 'd',
  content: {},
};

test.each([
  ['', 'm.json:1:1: the manifest is no JSON: expected a value, got the end of the text'],
  [
    '['.repeat(1_000_000),
    'm.json:1:1000001: the manifest is no JSON: expected a value, got the end of the text',
  ],
  [
    '{"version": 99, "files": 3}',
    'm.json:1:13: version must be 1, got 99: this manifest was written by a newer Holdfast; update this one',
  ],
  ['null', 'm.json:1:1: a manifest must be an object, got null'],
])('%.40j', (text, expected) => {
  expect(explain(text)).toBe(expected);
});

test('deep nesting is refused with its place, not with an overflow', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const text = JSON.stringify({ ...header, files: {} }).replace(
    '"content":{}',
    `"content":{"a":${deep}}`,
  );
  expect(explain(text)).toBe('m.json:1:215: a manifest must not be nested deeper than 64 levels');
});

test('a day that no month has is refused', () => {
  const text = JSON.stringify({ ...header, files: {}, synced_at: '2026-02-30T12:00:00Z' });
  expect(explain(text)).toContain(
    'synced_at must be a time in UTC like 2026-01-30T12:00:00Z, got "2026-02-30T12:00:00Z"',
  );
});

test('twenty thousand bad entries give a bounded report', () => {
  const files = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, index) => [`docs/${index}.md`, { mode: 'x' }]),
  );
  expect(explain(JSON.stringify({ ...header, files })).split('\n').length).toBeLessThan(150);
});

test('paths that name members of Object are paths', () => {
  const entry = { source: 'a', oid: '1'.repeat(40), sha256: '2'.repeat(64), mode: '100644' };
  const text = JSON.stringify({ ...header, files: { constructor: entry } }).replace(
    '"constructor"',
    '"__proto__"',
  );
  const parsed = parseManifest(text, { file: 'm.json' });
  expect(parsed.kind === 'parsed' && [...parsed.value.files]).toEqual([['__proto__', entry]]);
});
