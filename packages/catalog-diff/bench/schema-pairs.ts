import type { Json } from '@holdfast/catalog-diff';

/** A change of an input schema, and whether some value that passed before fails after it. */
export interface SchemaPair {
  before: Json;
  after: Json;
  breaks: boolean;
}

const pair = (before: Json, after: Json, breaks: boolean): SchemaPair => ({
  before,
  after,
  breaks,
});
const text: Json = { type: 'string' };
const item = (more: object): Json => ({
  type: 'object',
  properties: { n: text },
  required: ['n'],
  ...more,
});
const tree = (more: object): Json => ({
  $ref: '#/$defs/node',
  $defs: {
    node: {
      type: 'object',
      properties: { children: { type: 'array', items: { $ref: '#/$defs/node' } } },
      ...more,
    },
  },
});
const kinds = (keyword: string): Json => ({
  [keyword]: ['x', 'y', 'z'].map((kind) => ({
    type: 'object',
    properties: { kind: { const: kind } },
    required: ['kind'],
  })),
});

/** Kinds of change that schemas of tools see, and forms that mean the same. */
export const schemaPairs: readonly SchemaPair[] = [
  pair({ type: ['string', 'number'] }, text, true),
  pair(text, { type: ['string', 'number'] }, false),
  pair({ type: 'number' }, { type: 'integer' }, true),
  pair(item({}), item({ required: ['n', 'm'] }), true),
  pair(item({}), item({ additionalProperties: false }), true),
  pair(item({ additionalProperties: false }), item({}), false),
  pair(
    { type: 'array', items: item({}) },
    { type: 'array', items: item({ additionalProperties: false }) },
    true,
  ),
  pair({ enum: ['a', 'b', 'c'] }, { enum: ['a', 'b'] }, true),
  pair({ enum: ['a', 'b'] }, { enum: ['c', 'b', 'a'] }, false),
  pair({ const: 1 }, { const: 2 }, true),
  pair({ type: 'integer', minimum: 0 }, { type: 'integer', exclusiveMinimum: -1 }, false),
  pair({ type: 'number', minimum: 0 }, { type: 'number', exclusiveMinimum: -1 }, false),
  pair({ type: 'number', exclusiveMinimum: -1 }, { type: 'number', minimum: 0 }, true),
  pair({ type: 'string', maxLength: 10 }, { type: 'string', maxLength: 9 }, true),
  pair({ type: 'string', pattern: '^[a-z]+$' }, { type: 'string', pattern: '^[a-y]+$' }, true),
  pair({ type: 'string', pattern: '^[a-y]+$' }, { type: 'string', pattern: '^[a-z]+$' }, false),
  pair({ type: 'string', pattern: '^ab$' }, { type: 'string', minLength: 2, maxLength: 2 }, false),
  pair({ type: 'integer', multipleOf: 4 }, { type: 'integer', multipleOf: 2 }, false),
  pair({ type: 'integer', multipleOf: 2 }, { type: 'integer', multipleOf: 4 }, true),
  pair({ type: 'number', multipleOf: 0.1 }, { type: 'number', multipleOf: 0.01 }, false),
  pair({ anyOf: [text, { type: 'number' }] }, { anyOf: [text] }, true),
  pair({ anyOf: [text, { type: 'number' }] }, { type: ['number', 'string'] }, false),
  pair(kinds('oneOf'), kinds('anyOf'), false),
  pair(kinds('anyOf'), kinds('oneOf'), false),
  pair({ oneOf: [{ type: 'number' }] }, { oneOf: [{ type: 'number' }, { type: 'integer' }] }, true),
  pair(text, { type: 'string', not: { const: 'x' } }, true),
  pair({ not: { not: text } }, text, false),
  pair({ type: 'object' }, { if: { required: ['a'] }, then: { required: ['b'] } }, true),
  pair({ type: 'array', items: text }, { type: 'array', items: text, minItems: 1 }, true),
  pair({ type: 'array', items: text }, { type: 'array', items: text, uniqueItems: true }, true),
  pair({ type: 'array', maxItems: 1 }, { type: 'array', uniqueItems: true }, false),
  pair({ prefixItems: [text, text] }, { prefixItems: [text] }, false),
  pair({ prefixItems: [text] }, { prefixItems: [text, text] }, true),
  pair(
    { $defs: { s: text }, properties: { a: { $ref: '#/$defs/s' } } },
    { properties: { a: text } },
    false,
  ),
  pair(tree({}), tree({ required: ['children'] }), true),
  pair(tree({ required: ['children'] }), tree({}), false),
  pair({ type: 'object' }, { type: 'object', dependentRequired: { a: ['b'] } }, true),
  pair(
    { type: 'object', required: ['b'] },
    { type: 'object', dependentRequired: { a: ['b'] } },
    false,
  ),
  pair({ type: 'object' }, { type: 'object', propertyNames: { maxLength: 3 } }, true),
  pair(
    { type: 'object', patternProperties: { '^x': text } },
    { type: 'object', properties: { xa: text } },
    false,
  ),
  pair({ type: 'object', minProperties: 2 }, { type: 'object', minProperties: 1 }, false),
  pair({ allOf: [{ minimum: 1 }, { maximum: 0 }], type: 'number' }, false, false),
];
