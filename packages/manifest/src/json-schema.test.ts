import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { configurationJsonSchema, manifestJsonSchema, ruleJsonSchema } from './json-schema.js';
import { parseManifest } from './parse-manifest.js';

const fixtures = join(import.meta.dirname, '../test/fixtures');

function documents(path: string): unknown[] {
  const parsed = parseAllDocuments(readFileSync(join(fixtures, path), 'utf8'));
  return [...parsed].map((document): unknown => document.toJS()).filter((value) => value !== null);
}

test.each([
  'rules-spec-example/rules.yaml',
  'rules-every-key/rules.yaml',
  'rules-aliases/rules.yaml',
])('the schema of rules accepts %s', (path) => {
  const validate = new Ajv().compile(ruleJsonSchema());
  for (const document of documents(path)) {
    validate(document);
    expect(validate.errors).toBeNull();
  }
});

test.each(['configuration-product-example/holdfast.yaml', 'configuration-forges/holdfast.yaml'])(
  'the schema of the configuration accepts %s',
  (path) => {
    const validate = new Ajv().compile(configurationJsonSchema());
    expect(documents(path).every((document) => validate(document))).toBe(true);
  },
);

test('the schemas refuse unknown keys and wrong values', () => {
  const validateRule = new Ajv().compile(ruleJsonSchema());
  const validateConfiguration = new Ajv().compile(configurationJsonSchema());
  expect(
    documents('rules-wrong-values/rules.yaml').some((document) => validateRule(document)),
  ).toBe(false);
  expect(validateConfiguration({ namespce: 'x' })).toBe(false);
});

test('every key of a rule is described', () => {
  const { properties } = ruleJsonSchema() as {
    properties: {
      sync_rule: { properties: Record<string, { description?: string; properties?: object }> };
    };
  };
  const silent = Object.entries(properties.sync_rule.properties).filter(
    ([, { description, properties: inner }]) => !description && !inner,
  );
  expect(silent).toEqual([]);
});

test('the schema of manifests says of each damage what the parser says', () => {
  const validate = new Ajv().compile(manifestJsonSchema());
  const entry = { source: 'a.md', oid: 'a'.repeat(40), sha256: 'b'.repeat(64), mode: '100644' };
  const manifest = {
    version: 1,
    rule_id: 'web',
    source_repo: 'acme/standards',
    source_commit: 'c'.repeat(40),
    source_ref: 'v1.0.0',
    synced_at: '2026-01-30T12:00:00Z',
    synced_by: 'holdfast',
    transforms_digest: 'none',
    content: {},
    files: { 'docs/a.md': entry },
  };
  const agree = (value: object) => {
    const { kind } = parseManifest(JSON.stringify(value), { file: 'm.json' });
    expect(validate(value), JSON.stringify(value)).toBe(kind === 'parsed');
    return kind;
  };
  expect(agree(manifest)).toBe('parsed');
  for (const key of Object.keys(manifest)) {
    const { [key as 'version']: _gone, ...rest } = manifest;
    expect(agree(rest)).toBe('invalid');
    expect(agree({ ...manifest, [key]: 7 })).toBe('invalid');
  }
  for (const key of Object.keys(entry)) {
    expect(agree({ ...manifest, files: { a: { ...entry, [key]: 'x y' } } })).toBe(
      key === 'source' ? 'parsed' : 'invalid',
    );
  }
  for (const key of ['source_oid', 'base_oid', 'base_mode', 'override', 'conflict'] as const) {
    expect(agree({ ...manifest, files: { a: { ...entry, [key]: 'no' } } })).toBe('invalid');
  }
});
