import { describe, expect, it } from 'vitest';
import { compareSchemas, type Direction, type Json, type SchemaVerdict } from '../index.js';

const open = { type: 'object', properties: { a: { type: 'string' } } };
const closed = { ...open, additionalProperties: false };
const withB = { ...open, properties: { ...open.properties, b: { type: 'string' } } };
const text = { type: 'string' };
const draft04 = 'http://json-schema.org/draft-04/schema#';
const draft07 = 'http://json-schema.org/draft-07/schema#';

/** The rule that a change comes under, and what it weighs for input and for output. */
const table: [
  title: string,
  before: Json,
  after: Json,
  rule: string,
  input: string,
  output: string,
][] = [
  ['a type is gone', { type: ['string', 'null'] }, text, 'type.narrowed', 'breaking', 'info'],
  ['a type has come', text, { type: ['string', 'null'] }, 'type.widened', 'info', 'breaking'],
  [
    'a number has to be whole',
    { type: 'number' },
    { type: 'integer' },
    'type.narrowed',
    'breaking',
    'info',
  ],
  ['another type', text, { type: 'number' }, 'type.changed', 'breaking', 'breaking'],
  [
    'a required property',
    open,
    { ...withB, required: ['b'] },
    'prop.added.required',
    'breaking',
    'info',
  ],
  [
    'an optional one where none was allowed',
    closed,
    { ...withB, additionalProperties: false },
    'prop.added.optional',
    'info',
    'breaking',
  ],
  [
    'an optional one where any was allowed',
    open,
    withB,
    'prop.added.optional',
    'warning',
    'warning',
  ],
  ['a property gone, any allowed', withB, open, 'prop.removed', 'warning', 'warning'],
  [
    'a property gone, none allowed',
    { ...withB, additionalProperties: false },
    closed,
    'prop.removed',
    'breaking',
    'warning',
  ],
  [
    'a required property gone',
    { ...withB, required: ['b'] },
    open,
    'prop.removed',
    'warning',
    'breaking',
  ],
  ['required now', open, { ...open, required: ['a'] }, 'required.added', 'breaking', 'info'],
  [
    'no longer required',
    { ...open, required: ['a'] },
    open,
    'required.removed',
    'info',
    'breaking',
  ],
  ['closed', open, closed, 'additionalProperties.closed', 'breaking', 'info'],
  ['opened', closed, open, 'additionalProperties.opened', 'info', 'breaking'],
  ['a value gone', { enum: ['a', 'b'] }, { enum: ['a'] }, 'enum.value.removed', 'breaking', 'info'],
  ['a value more', { enum: ['a'] }, { enum: ['a', 'b'] }, 'enum.value.added', 'info', 'warning'],
  [
    'listed values only',
    text,
    { type: 'string', enum: ['a'] },
    'enum.introduced',
    'breaking',
    'info',
  ],
  ['any value again', { type: 'string', enum: ['a'] }, text, 'enum.dropped', 'info', 'breaking'],
  ['another constant', { const: 1 }, { const: 2 }, 'const.changed', 'breaking', 'breaking'],
  ['a bound tightened', { minimum: 0 }, { minimum: 1 }, 'bound.tightened', 'breaking', 'info'],
  ['a bound loosened', { maxLength: 3 }, { maxLength: 4 }, 'bound.loosened', 'info', 'breaking'],
  [
    'a bound excluded',
    { minimum: 0 },
    { exclusiveMinimum: 0 },
    'bound.tightened',
    'breaking',
    'info',
  ],
  [
    'a vacuous bound',
    { type: 'integer' },
    { type: 'integer', maximum: 9007199254740991 },
    'bound.vacuous',
    'warning',
    'warning',
  ],
  [
    'a multiple of what was',
    { multipleOf: 2 },
    { multipleOf: 4 },
    'multipleOf.tightened',
    'breaking',
    'info',
  ],
  [
    'a divisor of what was',
    { multipleOf: 0.3 },
    { multipleOf: 0.1 },
    'multipleOf.loosened',
    'info',
    'breaking',
  ],
  [
    'another step',
    { multipleOf: 2 },
    { multipleOf: 3 },
    'multipleOf.changed',
    'breaking',
    'breaking',
  ],
  ['a pattern more', text, { type: 'string', pattern: '^a' }, 'pattern.added', 'breaking', 'info'],
  [
    'a pattern less',
    { type: 'string', pattern: '^a' },
    text,
    'pattern.removed',
    'info',
    'breaking',
  ],
  [
    'a narrower pattern',
    { pattern: '^[a-z]+$' },
    { pattern: '^[a-y]+$' },
    'pattern.changed',
    'breaking',
    'info',
  ],
  [
    'another way to write a pattern',
    { pattern: '^[0-9]{2}$' },
    { pattern: '^\\d\\d$' },
    'pattern.changed',
    'info',
    'info',
  ],
  ['a format', text, { type: 'string', format: 'email' }, 'format.changed', 'warning', 'warning'],
  ['a default', { default: 1 }, { default: 2 }, 'default.changed', 'warning', 'warning'],
  ['a dialect', { $schema: draft07 }, {}, 'dialect.changed', 'warning', 'warning'],
  [
    'a branch gone',
    { anyOf: [text, { type: 'number' }, { type: 'null' }] },
    { anyOf: [text] },
    'anyOf.branch.removed',
    'breaking',
    'info',
  ],
  [
    'a branch more',
    { anyOf: [text] },
    { anyOf: [text, { type: 'null' }] },
    'anyOf.branch.added',
    'info',
    'breaking',
  ],
  [
    'a branch that overlaps',
    { oneOf: [{ type: 'number' }] },
    { oneOf: [{ type: 'number' }, { type: 'integer' }] },
    'oneOf.branch.added',
    'breaking',
    'info',
  ],
  ['not', text, { type: 'string', not: { const: 'x' } }, 'not.changed', 'breaking', 'info'],
  ['if', {}, { if: text, then: { minLength: 1 } }, 'if.changed', 'breaking', 'info'],
  [
    'dependentRequired',
    {},
    { dependentRequired: { a: ['b'] } },
    'dependentRequired.changed',
    'breaking',
    'info',
  ],
];

describe('the table of rules', () => {
  it.each(table)('%s', (_title, before, after, rule, input, output) => {
    const weigh = (direction: Direction) =>
      compareSchemas(before, after, { direction }).changes.find((change) => change.rule === rule)
        ?.severity;
    expect([weigh('input'), weigh('output')]).toEqual([input, output]);
  });

  it('a vacuous or open change breaks some value all the same, and shows it', () => {
    expect(compareSchemas(open, withB, { direction: 'input' })).toEqual({
      verdict: 'breaking',
      changes: [
        {
          rule: 'prop.added.optional',
          severity: 'warning',
          path: '/properties/b',
          message: '"b" was added where any property was allowed before',
          witness: { b: {} },
        },
      ],
    });
  });
});

const nested = { type: 'object', properties: { list: { type: 'array', items: open } } };

/** Pairs that mean the same, however they are written. */
const equals: [title: string, before: Json, after: Json][] = [
  [
    'a reference and what it leads to',
    { $defs: { s: text }, properties: { a: { $ref: '#/$defs/s' } } },
    { properties: { a: text } },
  ],
  [
    'the order of keys, required and enum',
    { required: ['a', 'b'], enum: [1, 2] },
    { enum: [2, 1], required: ['b', 'a'] },
  ],
  ['1 and 1.0', JSON.parse('{"minimum": 1}') as Json, JSON.parse('{"minimum": 1.0}') as Json],
  [
    'a property that may be anything',
    { type: 'object', properties: { a: true } },
    { type: 'object' },
  ],
  [
    'types as a list and as branches',
    { type: ['string', 'number'] },
    { anyOf: [{ type: 'number' }, text] },
  ],
  [
    'allOf and its parts side by side',
    { allOf: [open, { required: ['a'] }] },
    { ...open, required: ['a'] },
  ],
  [
    'a closed part of allOf, and one beside it',
    { allOf: [{ properties: { a: text } }, { additionalProperties: false }] },
    { type: ['array', 'object', 'string', 'number', 'boolean', 'null'], maxProperties: 0 },
  ],
  [
    'tuples of two dialects',
    { $schema: draft07, items: [text, text] },
    { prefixItems: [text, text] },
  ],
  [
    'exclusive bounds of two dialects',
    { $schema: draft04, minimum: 1, exclusiveMinimum: true },
    { exclusiveMinimum: 1 },
  ],
  [
    'dependencies of two dialects',
    { $schema: draft07, dependencies: { a: ['b'] } },
    { dependentRequired: { a: ['b'] } },
  ],
  [
    'what stands beside $ref in draft-07',
    { $schema: draft07, $ref: '#/definitions/s', minLength: 5, definitions: { s: text } },
    text,
  ],
  [
    'steps that binary fractions would miss',
    { multipleOf: 0.01, minimum: 0, maximum: 1 },
    { allOf: [{ multipleOf: 0.01 }], minimum: 0, maximum: 1 },
  ],
  [
    'recursion under two names',
    { $ref: '#/$defs/a', $defs: { a: { properties: { n: { $ref: '#/$defs/a' } } } } },
    { properties: { n: { $ref: '#' } } },
  ],
  ['a double negation', { not: { not: text } }, text],
  [
    'branches of one discriminator',
    { oneOf: [branch('x'), branch('y')] },
    { anyOf: [branch('x'), branch('y')] },
  ],
  [
    'a closed object in other words',
    { properties: { a: text }, additionalProperties: false },
    { properties: { a: text }, propertyNames: { const: 'a' } },
  ],
  [
    'a length and a pattern',
    { type: 'string', maxLength: 1 },
    { type: 'string', pattern: '^[\\s\\S]?$' },
  ],
];

function branch(kind: string): Json {
  return { type: 'object', properties: { kind: { const: kind } }, required: ['kind'] };
}

describe('what means the same is compatible both ways', () => {
  it.each(equals)('%s', (_title, before, after) => {
    expect(compareSchemas(before, after, { direction: 'input' }).verdict).toBe('compatible');
    expect(compareSchemas(before, after, { direction: 'output' }).verdict).toBe('compatible');
  });
});

describe('witnesses', () => {
  it.each<[string, Json, Json, Json]>([
    [
      'in a property of an item',
      nested,
      { type: 'object', properties: { list: { type: 'array', items: closed } } },
      { list: [{ extra: 0 }] },
    ],
    [
      'in draft-2020-12, what stands beside $ref counts',
      { $defs: { s: text }, $ref: '#/$defs/s' },
      { $defs: { s: text }, $ref: '#/$defs/s', minLength: 1 },
      '',
    ],
    [
      'a property named like the prototype',
      { type: 'object' },
      { type: 'object', required: ['__proto__'] },
      {},
    ],
    [
      'a property named constructor',
      { properties: { constructor: text } },
      { properties: { constructor: { type: 'number' } } },
      { constructor: '' },
    ],
    [
      'an exact fraction',
      { type: 'number', minimum: 0.1, maximum: 0.3 },
      { type: 'number', minimum: 0.1, exclusiveMaximum: 0.3 },
      0.3,
    ],
    [
      'a value that two branches take',
      { type: 'number' },
      { oneOf: [{ minimum: 0 }, { maximum: 0 }] },
      0,
    ],
    [
      'three equal items',
      { type: 'array', minItems: 3, items: { const: 1 } },
      { type: 'array', uniqueItems: true },
      [1, 1, 1],
    ],
  ])('%s', (_title, before, after, witness) => {
    const { verdict, changes } = compareSchemas(before, after, { direction: 'input' });
    expect(verdict).toBe('breaking');
    expect(changes.map((change) => change.witness)).toContainEqual(witness);
  });
});

describe('what cannot be decided or compared', () => {
  it.each<[string, Json, Json, string]>([
    ['a root that is no schema', [], {}, 'schema.root-not-object'],
    ['a reference to the network', {}, { $ref: 'https://example.com/s.json' }, 'ref.network'],
    [
      'a dialect that is not known',
      {},
      { $schema: 'http://json-schema.org/draft-03/schema#' },
      'dialect.unsupported',
    ],
    ['a reference to nothing', {}, { $ref: '#/$defs/gone' }, 'schema.invalid'],
    ['a reference to itself', {}, { $ref: '#' }, 'schema.invalid'],
    ['a type that there is not', {}, { type: 'text' }, 'schema.invalid'],
    ['a keyword of another type', {}, { uniqueItems: 'yes' }, 'schema.invalid'],
  ])('%s is told before any comparison', (_title, before, after, rule) => {
    const { verdict, changes } = compareSchemas(before, after, { direction: 'input' });
    expect(verdict).toBe('unknown');
    expect(changes.map((change) => change.rule)).toEqual([rule]);
  });

  it.each<[string, string, SchemaVerdict]>([
    ['^\\p{Letter}+$', '^\\p{L}+$', 'compatible'],
    ['^\\p{Letter}+$', '^[a-z]+$', 'breaking'],
    ['^[a-z]+$', '^\\p{Alphabetic}+$', 'compatible'],
    ['^\\p{Script=Greek}$', '^\\p{L}$', 'breaking'],
    ['^\\w+$', '^[\\p{Letter}\\d_]+$', 'compatible'],
  ])('Unicode properties are sets of characters: %s, then %s', (before, after, verdict) => {
    const schema = (pattern: string) => ({ type: 'string', pattern });
    expect(compareSchemas(schema(before), schema(after), { direction: 'input' }).verdict).toBe(
      verdict,
    );
  });

  it('a pattern that is not regular is named', () => {
    const { verdict, changes } = compareSchemas(
      { type: 'string', pattern: '^(?!admin)[a-z]+$' },
      { type: 'string', pattern: '^(?!root)[a-z]+$' },
      { direction: 'input' },
    );
    expect(verdict).toBe('unknown');
    expect(changes.at(-1)).toEqual({
      rule: 'schema.undecided',
      severity: 'unknown',
      path: '/pattern',
      message: 'not decided: pattern stands in the way',
      keyword: 'pattern',
    });
  });

  it('the same pattern on both sides stands in nobody’s way', () => {
    const pattern = '^(?!admin)[a-z]+$';
    const { verdict } = compareSchemas(
      { type: 'object', properties: { a: { pattern } }, required: ['a'] },
      { type: 'object', properties: { a: { pattern } } },
      { direction: 'input' },
    );
    expect(verdict).toBe('compatible');
  });

  it('a keyword that refers to its own document is not taken for the other’s', () => {
    const schema = (type: string) => ({
      $defs: { part: { properties: { a: { type } } } },
      anyOf: [{ $ref: '#/$defs/part' }, { required: ['b'] }],
      unevaluatedProperties: false,
    });
    const { verdict } = compareSchemas(schema('string'), schema('number'), { direction: 'input' });
    expect(verdict).not.toBe('compatible');
  });
});

describe('schemas of many properties', () => {
  const names = Array.from({ length: 40 }, (_, at) => `p${at}`);
  const wide = (changes: Record<string, Json>, rest: Record<string, Json> = {}): Json => ({
    type: 'object',
    properties: {
      ...Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
      ...changes,
    },
    ...rest,
  });
  const closed = { additionalProperties: false };

  it.each<[string, Json, Json, SchemaVerdict, Json?]>([
    ['one narrowed', wide({}), wide({ p7: { type: 'integer' } }), 'breaking', { p7: '' }],
    ['closed', wide({}), wide({}, closed), 'breaking', { extra: 0 }],
    ['one gone', wide({ z: text }, closed), wide({}, closed), 'breaking', { z: '' }],
    ['one gone, still allowed', wide({ z: text }, closed), wide({}), 'compatible'],
    [
      'within one of them',
      wide({ p7: wide({ p3: text }) }),
      wide({ p7: wide({ p3: { type: 'integer' } }) }),
      'breaking',
      { p7: { p3: '' } },
    ],
    [
      'behind a reference',
      wide({ p7: { $ref: '#/properties/p8' } }),
      wide({ p7: { $ref: '#/properties/p8' }, p8: { type: 'integer' } }),
      'breaking',
      { p7: '' },
    ],
    [
      'a name that is data elsewhere',
      wide({ p7: { const: { properties: { p9: 1 } } } }),
      wide({ p7: { const: { properties: { p9: 2 } } } }),
      'breaking',
      { p7: { properties: { p9: 1 } } },
    ],
    [
      'unevaluated ones',
      wide({}),
      { allOf: [wide({})], unevaluatedProperties: false },
      'breaking',
      { extra: 0 },
    ],
  ])('%s', (_title, before, after, verdict, witness) => {
    const found = compareSchemas(before, after, { direction: 'input' });
    expect(found.verdict).toBe(verdict);
    if (witness !== undefined)
      expect(found.changes.flatMap((change) => change.witness ?? [])).toContainEqual(witness);
  });
});

describe('hostile schemas end', () => {
  const deep = (depth: number, leaf: Json): Json => {
    let schema = leaf;
    for (let level = 0; level < depth; level++) schema = { properties: { a: schema } };
    return schema;
  };
  const wide = (count: number): Json => ({
    type: 'object',
    properties: Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`p${at}`, { type: 'string', minLength: at % 7 }]),
    ),
  });

  it.each<[string, Json, Json]>([
    ['1,000 levels', deep(1000, text), deep(1000, { type: 'number' })],
    ['100,000 levels', deep(100_000, text), deep(100_000, { type: 'number' })],
    ['2,000 properties', wide(2000), { ...(wide(2000) as object), required: ['p7'] }],
    ['patterns that backtrack', { pattern: '^(a+)+$' }, { pattern: '^(a|aa)+$' }],
    ['patterns that multiply', { pattern: '(a{1,900}){1,900}' }, { pattern: '(b{1,900}){1,900}' }],
    [
      'many alternatives',
      {
        allOf: Array.from({ length: 12 }, (_, at) => ({
          anyOf: [{ minimum: at }, { maxLength: at }, { required: [`r${at}`] }],
        })),
      },
      {
        allOf: Array.from({ length: 12 }, (_, at) => ({
          oneOf: [{ minimum: at + 1 }, { maxLength: at }, { required: [`q${at}`] }],
        })),
      },
    ],
    ['huge bounds', { minItems: 1e9 }, { minItems: 1e9 + 1 }],
    [
      'mutual recursion',
      {
        $ref: '#/$defs/a',
        $defs: { a: { items: { $ref: '#/$defs/b' } }, b: { items: { $ref: '#/$defs/a' } } },
      },
      { $ref: '#/$defs/a', $defs: { a: { items: { $ref: '#/$defs/a' }, maxItems: 3 } } },
    ],
  ])('%s', (_title, before, after) => {
    for (const direction of ['input', 'output'] as const) {
      const { verdict, changes } = compareSchemas(before, after, { direction });
      if (verdict === 'unknown') expect(changes.at(-1)!.keyword).toBeTypeOf('string');
      if (verdict === 'breaking')
        expect(changes.some(({ witness }) => witness !== undefined)).toBe(true);
    }
  });
});
