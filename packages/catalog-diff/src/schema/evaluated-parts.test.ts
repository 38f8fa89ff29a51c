import { describe, expect, it } from 'vitest';
import { compareSchemas, type Json } from '../index.js';

const text = { type: 'string' };
const either = {
  type: 'object',
  properties: { kind: text },
  anyOf: [
    { properties: { kind: { const: 'file' }, path: text }, required: ['path'] },
    { properties: { kind: { const: 'link' }, url: text }, required: ['url'] },
  ],
};

describe('what is unevaluated goes by the parts that hold of the value', () => {
  it.each<[title: string, before: Json, after: Json, rule: string, witness: Json]>([
    [
      'closed beside alternatives',
      either,
      { ...either, unevaluatedProperties: false },
      'unevaluatedProperties.changed',
      { path: '', url: 0 },
    ],
    [
      'one alternative lost a property',
      { ...either, unevaluatedProperties: false },
      {
        ...either,
        anyOf: [{ properties: { kind: { const: 'file' } }, required: ['path'] }, either.anyOf[1]!],
        unevaluatedProperties: false,
      },
      'schema.changed',
      { path: '' },
    ],
    [
      'beside a condition',
      { if: { properties: { a: { const: 1 } }, required: ['a'] } },
      { if: { properties: { a: { const: 1 } }, required: ['a'] }, unevaluatedProperties: false },
      'unevaluatedProperties.changed',
      { extra: 0 },
    ],
    [
      'items that a prefix of some alternative covers',
      { type: 'array', anyOf: [{ prefixItems: [text] }, { prefixItems: [text, text] }] },
      {
        type: 'array',
        anyOf: [{ prefixItems: [text] }, { prefixItems: [text, text] }],
        unevaluatedItems: false,
      },
      'unevaluatedItems.changed',
      ['', {}],
    ],
  ])('%s', (_title, before, after, rule, witness) => {
    const { verdict, changes } = compareSchemas(before, after, { direction: 'input' });
    expect({ verdict, changes }).toMatchObject({ verdict: 'breaking' });
    const shown = changes.find((change) => change.witness !== undefined)!;
    expect([shown.rule, shown.witness]).toEqual([rule, witness]);
    expect(compareSchemas(after, before, { direction: 'output' })).toMatchObject({ verdict });
  });

  it.each<[title: string, before: Json, after: Json]>([
    [
      'said of each alternative or of all',
      { ...either, unevaluatedProperties: false },
      { ...either, properties: { kind: text, path: text, url: text }, unevaluatedProperties: text },
    ],
    [
      'an alternative that evaluates all',
      { properties: { a: text }, additionalProperties: text },
      { anyOf: [{ additionalProperties: text }], unevaluatedProperties: false },
    ],
    [
      'a dependent schema and a pattern',
      { properties: { a: text }, required: ['a'], additionalProperties: false },
      {
        dependentSchemas: { a: { patternProperties: { '^a$': true } } },
        unevaluatedProperties: false,
      },
    ],
  ])('compatible: %s', (_title, before, after) => {
    expect(compareSchemas(before, after, { direction: 'input' }).verdict).toBe('compatible');
  });

  it('where the validator is not convinced, the keyword is named', () => {
    // ajv takes every item for evaluated beside `contains`.
    const before = { contains: { type: 'number' } };
    const after = { ...before, unevaluatedItems: text };
    const { verdict, changes } = compareSchemas(before, after, { direction: 'input' });
    expect(verdict).toBe('unknown');
    expect(changes.at(-1)).toEqual({
      rule: 'schema.undecided',
      severity: 'unknown',
      path: '/unevaluatedItems',
      message:
        'not decided: the value that was found did not convince the validator, which may see unevaluatedItems in another way',
      keyword: 'unevaluatedItems',
    });
    const same = { contains: { type: 'number' }, items: true, unevaluatedItems: text };
    expect(compareSchemas(before, same, { direction: 'input' }).verdict).toBe('compatible');
  });

  it('too many patterns to tell apart are not decided', () => {
    const schema = (kind: Json) => ({
      anyOf: Array.from({ length: 9 }, (_, at) => ({
        patternProperties: { [`^${at}`]: kind },
        required: [`${at}`],
      })),
      unevaluatedProperties: false,
    });
    const { verdict, changes } = compareSchemas(schema(text), schema({}), { direction: 'input' });
    expect(verdict).toBe('unknown');
    expect(changes.at(-1)).toMatchObject({
      rule: 'schema.undecided',
      keyword: 'unevaluatedProperties',
    });
  });
});

describe('dynamic references lead to the outermost resource with the anchor', () => {
  const list = (item: Json) => ({
    $id: 'https://schemas.test/strings',
    $ref: 'list',
    $defs: {
      item: { $dynamicAnchor: 'item', ...(item as object) },
      list: {
        $id: 'list',
        type: 'array',
        items: { $dynamicRef: '#item' },
        $defs: { any: { $dynamicAnchor: 'item' } },
      },
    },
  });

  it('a list of another kind of items breaks', () => {
    const back = compareSchemas(list({ type: ['string', 'null'] }), list(text), {
      direction: 'input',
    });
    expect(back.verdict).not.toBe('compatible');
    const { verdict } = compareSchemas(list(text), list({ type: ['string', 'null'] }), {
      direction: 'input',
    });
    expect(verdict).toBe('compatible');
  });

  it('of one resource they are plain ones', () => {
    const tree = (value: Json) => ({
      $dynamicAnchor: 'node',
      type: 'object',
      properties: { value, children: { type: 'array', items: { $dynamicRef: '#node' } } },
      required: ['value'],
    });
    const { verdict, changes } = compareSchemas(tree({ type: ['string', 'null'] }), tree(text), {
      direction: 'input',
    });
    expect(verdict).toBe('breaking');
    expect(changes[0]).toMatchObject({ rule: 'type.narrowed', witness: { value: null } });
  });
});
