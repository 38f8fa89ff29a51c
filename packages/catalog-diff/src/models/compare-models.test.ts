import { expect, it } from 'vitest';
import { compareModels, sentenceOf, type ModelFile } from './index.js';

const path = 'objects/loan_application/_root.json';
const loan = (value: object, at = path): ModelFile => ({ path: at, value: value as never });
const sentences = (before: ModelFile[], after: ModelFile[]) =>
  compareModels(before, after).changes.map(sentenceOf);

const base = {
  fields: [
    { name: 'id', type: 'uuid', required: true },
    { name: 'amount', type: 'number' },
    { name: 'status', type: 'string', values: ['open', 'closed'] },
    { name: 'address', type: 'object', fields: { city: 'string' } },
  ],
  keys: ['id'],
  relationships: [{ name: 'applicant', to: 'member', cardinality: 'one' }],
};

it.each<[string, object, string[]]>([
  ['nothing', { ...base, fields: [...base.fields] }, []],
  [
    'a narrowed type',
    { ...base, fields: base.fields.with(1, { name: 'amount', type: 'integer' }) },
    ['loan_application: field amount narrowed from number to integer (breaking for readers: 1.5)'],
  ],
  [
    'a required field',
    { ...base, fields: [...base.fields, { name: 'term', type: 'int', required: true }] },
    ['loan_application: field term added, required (breaking for readers: {})'],
  ],
  [
    'an optional field',
    { ...base, fields: [...base.fields, { name: 'term', type: 'int' }] },
    ['loan_application: field term added'],
  ],
  [
    'a field gone',
    { ...base, fields: base.fields.toSpliced(0, 1) },
    ['loan_application: field id removed (breaking for consumers: {})'],
  ],
  [
    'a value gone',
    { ...base, fields: base.fields.with(2, { name: 'status', type: 'string', values: ['open'] }) },
    [
      'loan_application: field status: no longer allowed: "closed" (breaking for readers: "closed")',
    ],
  ],
  [
    'a nested type',
    {
      ...base,
      fields: base.fields.with(3, { name: 'address', type: 'object', fields: { city: 'int' } }),
    },
    [
      'loan_application: field address.city changed from string to integer (breaking for readers: {"city":""}; breaking for consumers: {"city":0})',
    ],
  ],
  [
    'keys',
    { ...base, keys: ['id', 'amount'] },
    ['loan_application: keys changed from id to id, amount'],
  ],
  [
    'a relationship',
    { ...base, relationships: [{ name: 'applicant', to: 'member', cardinality: 'many' }] },
    ['loan_application: relationship applicant is many, no longer one'],
  ],
])('%s', (_title, after, expected) => {
  expect(sentences([loan(base)], [loan(after)])).toEqual(expected);
});

it('a model that is a JSON Schema is compared as one, references included', () => {
  const schema = (minimum: number) => ({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'member',
    type: 'object',
    properties: { age: { $ref: '#/$defs/age' } },
    $defs: { age: { type: 'integer', minimum } },
  });
  expect(sentences([loan(schema(0), 'member.json')], [loan(schema(1), 'member.json')])).toEqual([
    'member: field age: minimum tightened from 0 to 1 (breaking for readers: {"age":0})',
  ]);
});

it('who reads what changed is told', () => {
  const derivation = loan(
    { name: 'ratio', expression: 'loan_application.amount / member.income', output: 'number' },
    'derivations/serviceability/ratio.json',
  );
  const narrowed = { ...base, fields: base.fields.with(1, { name: 'amount', type: 'integer' }) };
  const { verdict, changes } = compareModels(
    [loan(base), derivation],
    [loan(narrowed), derivation],
  );
  expect(verdict).toBe('breaking');
  expect(changes).toMatchObject([{ field: 'amount', affected: ['ratio'] }]);
});

it('derivations say what they read and what comes out', () => {
  const file = (value: object) => [loan(value, 'derivations/filters/eligible.json')];
  expect(
    sentences(
      file({ inputs: ['member.age'], output: 'integer' }),
      file({ inputs: ['member.age', { entity: 'member', field: 'income' }], output: 'number' }),
    ),
  ).toEqual([
    'eligible: now reads member.income',
    'eligible: type widened from integer to number (breaking for consumers: 1.5)',
  ]);
});

it('entities that come and go', () => {
  expect(sentences([loan(base)], [loan(base, 'objects/x/_root.json')])).toEqual([
    'loan_application: entity removed',
    'x: entity added',
  ]);
});

it('names of prototypes are names', () => {
  const hostile = JSON.parse(
    '{"fields": {"__proto__": "string", "constructor": "number"}}',
  ) as object;
  const after = JSON.parse(
    '{"fields": {"__proto__": "number", "constructor": "number"}}',
  ) as object;
  expect(sentences([loan(hostile)], [loan(after)])).toEqual([
    'loan_application: field __proto__ changed from string to number (breaking for readers: ""; breaking for consumers: 0)',
  ]);
});
