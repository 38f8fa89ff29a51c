import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { configurationJsonSchema, ruleJsonSchema } from './json-schema.js';

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
