import fc from 'fast-check';
import type { Json } from '../src/index.js';

/** Schemas over a few names and small values, so that two of them often meet. */
export function randomSchema(depth: number, keywords: 'all' | 'plain' = 'all'): fc.Arbitrary<Json> {
  const leaf = fc.oneof(
    { weight: 1, arbitrary: fc.constant<Json>(true) },
    { weight: 1, arbitrary: fc.constant<Json>({}) },
    { weight: 6, arbitrary: simple() },
  );
  if (depth === 0) return leaf;
  const inner = randomSchema(depth - 1, keywords);
  const few = fc.array(inner, { minLength: 1, maxLength: 3 });
  const mixed = fc
    .record(
      {
        type: types(),
        properties: fc.dictionary(name(), inner, { maxKeys: 3 }),
        required: fc.uniqueArray(name(), { maxLength: 2 }),
        additionalProperties: fc.oneof(fc.boolean(), inner),
        minProperties: fc.nat(2),
        maxProperties: fc.nat(3),
        propertyNames: fc.oneof(
          fc.record({ pattern: pattern() }),
          fc.record({ maxLength: fc.nat(2) }),
          fc.record({ enum: fc.uniqueArray(name(), { minLength: 1, maxLength: 3 }) }),
        ),
        patternProperties: fc.dictionary(pattern(), inner, { maxKeys: 2 }),
        dependentRequired: fc.dictionary(name(), fc.uniqueArray(name(), { maxLength: 2 }), {
          maxKeys: 1,
        }),
        dependentSchemas: fc.dictionary(name(), inner, { maxKeys: 1 }),
        items: inner,
        prefixItems: few,
        contains: inner,
        minContains: fc.nat(2),
        maxContains: fc.nat(2),
        minItems: fc.nat(3),
        maxItems: fc.nat(3),
        uniqueItems: fc.boolean(),
        allOf: few,
        anyOf: few,
        oneOf: few,
        not: inner,
        if: inner,
        then: inner,
        else: inner,
        unevaluatedProperties: fc.boolean(),
        unevaluatedItems: fc.boolean(),
      },
      { requiredKeys: [] },
    )
    .chain((schema) => {
      const all = Object.keys(schema);
      return fc
        .subarray(all, { minLength: Math.min(1, all.length), maxLength: Math.min(4, all.length) })
        .map((kept) =>
          Object.fromEntries(kept.map((key) => [key, (schema as Record<string, unknown>)[key]])),
        );
    }) as fc.Arbitrary<Json>;
  return fc.oneof({ weight: 1, arbitrary: leaf }, { weight: 4, arbitrary: mixed });
}

function name(): fc.Arbitrary<string> {
  return fc.constantFrom('a', 'b', 'c');
}

function pattern(): fc.Arbitrary<string> {
  return fc.constantFrom('^a', 'b$', '^[ab]+$', '[0-9]', '^.{2}$', 'a|b', '^$');
}

function types(): fc.Arbitrary<Json> {
  const one = fc.constantFrom('null', 'boolean', 'integer', 'number', 'string', 'array', 'object');
  return fc.oneof(one, fc.uniqueArray(one, { minLength: 1, maxLength: 3 }));
}

export function smallValue(): fc.Arbitrary<Json> {
  return fc.constantFrom<Json>(
    null,
    true,
    false,
    0,
    1,
    2,
    -1,
    0.5,
    1.5,
    '',
    'a',
    'b',
    'ab',
    [],
    [0],
    {},
    { a: 1 },
    ['a', 'b'],
  );
}

function simple(): fc.Arbitrary<Json> {
  return fc.oneof(
    fc.record({ type: types() }),
    fc.record({ enum: fc.array(smallValue(), { minLength: 1, maxLength: 3 }) }),
    fc.record({ const: smallValue() }),
    fc.record({ minimum: number() }),
    fc.record({ type: fc.constantFrom('integer', 'number'), maximum: number() }),
    fc.record({ exclusiveMinimum: number(), exclusiveMaximum: number() }),
    fc.record({ multipleOf: fc.constantFrom(1, 2, 3, 0.5, 0.01) }),
    fc.record({ type: fc.constant('string'), minLength: fc.nat(3) }),
    fc.record({ maxLength: fc.nat(3) }),
    fc.record({ pattern: pattern() }),
    fc.record({ type: fc.constant('array'), minItems: fc.nat(2) }),
    fc.record({ required: fc.uniqueArray(name(), { maxLength: 2 }) }),
    fc.record({ type: fc.constant('object'), maxProperties: fc.nat(2) }),
  ) as fc.Arbitrary<Json>;
}

function number(): fc.Arbitrary<number> {
  return fc.constantFrom(-1, 0, 1, 2, 0.5, 1.5, 10);
}

/** Values over the same names. */
export function randomValue(depth: number): fc.Arbitrary<Json> {
  const leaf = fc.oneof(
    smallValue(),
    fc.integer({ min: -3, max: 12 }),
    fc.constantFrom<Json>('c', '0', 'aa', 'ba', 'abc', 0.01, 0.07, 3),
  );
  if (depth === 0) return leaf;
  const inner = randomValue(depth - 1);
  return fc.oneof(
    leaf,
    fc.array(inner, { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'ab', 'a0', ''), inner, { maxKeys: 4 }),
  ) as fc.Arbitrary<Json>;
}
