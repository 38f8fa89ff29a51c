import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonValue, Manifest, ManifestEntry } from './manifest.js';
import { parseManifest } from './parse-manifest.js';
import { serializeManifest } from './serialize-manifest.js';

const hex = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 15 }), { minLength: length, maxLength: length })
    .map((digits) => digits.map((digit) => digit.toString(16)).join(''));
const word = fc.constantFrom(
  'core',
  'docs',
  'A.md',
  '10',
  '9',
  'ä',
  'e\u0301',
  'with "quotes"',
  '-x',
  '日本',
  '__proto__',
  'constructor',
  '\u2028',
  '😀',
);
const path = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('/'));
const mode = fc.constantFrom('100644', '100755', '120000', '160000');

const entry: fc.Arbitrary<ManifestEntry> = fc.record(
  {
    source: path,
    oid: hex(40),
    sha256: hex(64),
    mode,
    source_oid: hex(40),
    base_oid: hex(40),
    base_mode: mode,
    override: fc.boolean(),
    conflict: fc.boolean(),
  },
  { requiredKeys: ['source', 'oid', 'sha256', 'mode'] },
);

const manifest: fc.Arbitrary<Manifest> = fc.record({
  version: fc.constant(1 as const),
  rule_id: fc.constantFrom('all', 'sync-webapp.v2', '_x'),
  source_repo: fc.constantFrom('org/source', 'Grüße "x" \\'),
  source_commit: hex(40),
  source_ref: fc.constantFrom('v1.0.0', 'refs/heads/main'),
  synced_at: fc
    .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
    .map((date) => `${date.toISOString().slice(0, 19)}Z`),
  synced_by: fc.constant('holdfast'),
  transforms_digest: hex(64),
  content: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>),
  files: fc.array(fc.tuple(path, entry), { maxLength: 8 }).map((pairs) => new Map(pairs)),
});

function parse(text: string): Manifest {
  const parsed = parseManifest(text, { file: 'manifest.json' });
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.findings));
  return parsed.value;
}

test('what is parsed is what was serialised, and serialises to the same bytes', () => {
  fc.assert(
    fc.property(manifest, (value) => {
      const text = serializeManifest(value);
      const parsed = parse(text);
      expect(parsed.files).toEqual(value.files);
      expect(parsed.content).toEqual(JSON.parse(JSON.stringify(value.content)));
      expect(serializeManifest(parsed)).toBe(text);
    }),
  );
});

test('the order of keys and files does not show', () => {
  fc.assert(
    fc.property(manifest, (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse()) as unknown as Manifest;
      const files = new Map([...value.files].reverse());
      expect(serializeManifest({ ...reversed, files })).toBe(serializeManifest(value));
    }),
  );
});

test('the text is JSON with two spaces, sorted keys and a final newline', () => {
  fc.assert(
    fc.property(manifest, (value) => {
      // `JSON.stringify` would put keys that look like an index first.
      fc.pre(![...value.files.keys()].some((key) => /^\d+$/.test(key)));
      const text = serializeManifest({ ...value, content: {} });
      const plain = JSON.parse(text) as Record<string, unknown>;
      expect(text).toBe(`${JSON.stringify(plain, null, 2)}\n`);
      for (const keys of [Object.keys(plain), Object.keys(plain['files'] as object)]) {
        expect(keys).toEqual([...keys].sort());
      }
    }),
  );
});

test('keys of a later release are kept, at both levels', () => {
  const files = {
    'docs/A.md': {
      source: 'A.md',
      oid: '1'.repeat(40),
      sha256: '2'.repeat(64),
      mode: '100644',
      later: [{ a: null }],
    },
  };
  const value = {
    version: 1,
    rule_id: 'a',
    source_repo: 'o/a',
    source_commit: '3'.repeat(40),
    source_ref: 'v1',
    synced_at: '2026-01-30T12:00:00Z',
    synced_by: 'x',
    transforms_digest: 'd',
    content: {},
    files,
    zz_later: { b: 1 },
  };
  const { files: parsed, ...rest } = parse(JSON.stringify(value));
  const changed = { ...rest, source_ref: 'v2', files: parsed };
  expect(JSON.parse(serializeManifest(changed))).toEqual({ ...value, source_ref: 'v2' });
});

test('data that could not be read again is refused', () => {
  let content: { [key: string]: JsonValue } = {};
  for (let depth = 0; depth < 62; depth++) content = { content };
  const [value] = fc.sample(manifest, 1) as [Manifest];
  expect(parse(serializeManifest({ ...value, content })).content).toEqual(content);
  expect(() => serializeManifest({ ...value, content: { content } })).toThrow(
    expect.objectContaining({ code: 'content-too-deep' }),
  );
});
