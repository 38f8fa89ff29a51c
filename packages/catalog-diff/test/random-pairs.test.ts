import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSchemas, type Json } from '../src/index.js';
import { SchemaCompiler } from '../src/schema/compile-schema.js';
import { evaluate } from '../src/schema/evaluate.js';
import { Formulas } from '../src/schema/formula.js';
import { SchemaDocument } from '../src/schema/schema-document.js';
import { randomPair } from './random-pair.js';
import { randomSchema, randomValue } from './random-schema.js';
import { secondOpinion } from './second-validator.js';

/** How many random pairs each law is tried on; `bench/random-pairs.ts` tries the first two on 10,000. */
const numRuns = Number(process.env['HOLDFAST_RANDOM_PAIRS'] ?? 60);
const seed = Number(process.env['HOLDFAST_RANDOM_SEED'] ?? 20261124);
const samples = fc.sample(randomValue(2), { seed, numRuns: 2000 });

const verdictOf = (before: Json, after: Json) =>
  compareSchemas(before, after, { direction: 'input' }).verdict;

const pair = randomPair(2);

describe('random pairs', () => {
  it('a witness passes the one schema and fails the other, as a second validator sees it', async () => {
    await fc.assert(
      fc.asyncProperty(pair, async ([before, after]) => {
        const { verdict, changes } = compareSchemas(before, after, { direction: 'input' });
        const shown = changes.filter(({ witness }) => witness !== undefined);
        expect(shown.length > 0).toBe(verdict === 'breaking');
        for (const { witness } of shown) {
          expect(await secondOpinion(before, witness!, '2020-12')).toBe(true);
          expect(await secondOpinion(after, witness!, '2020-12')).toBe(false);
        }
      }),
      { numRuns, seed },
    );
  });

  it('no value is found that a compatible verdict did not see', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        if (verdictOf(before, after) !== 'compatible') return;
        const [accepts, refuses] = [before, after].map(judge);
        const missed = samples.filter(
          (value) => accepts!(value) === true && refuses!(value) === false,
        );
        expect(missed).toEqual([]);
      }),
      { numRuns, seed },
    );
  });

  it('a schema is compatible with itself, however its keys are ordered', () => {
    fc.assert(
      fc.property(randomSchema(2), (schema) => {
        expect(verdictOf(schema, reversed(schema))).toBe('compatible');
        // What is joined to itself is not compared as text.
        expect(verdictOf(schema, { allOf: [schema, schema] })).not.toBe('breaking');
      }),
      { numRuns, seed },
    );
  });

  it('a widening is compatible, and a narrowing back breaks only what it takes away', () => {
    fc.assert(
      fc.property(randomSchema(1), randomSchema(1), (schema, other) => {
        const wide = { anyOf: [schema, other] };
        expect(verdictOf(schema, wide)).not.toBe('breaking');
        const isCovered = verdictOf(other, schema);
        const back = verdictOf(wide, schema);
        if (isCovered !== 'unknown' && back !== 'unknown') expect(back).toBe(isCovered);
      }),
      { numRuns, seed },
    );
  });

  it('compatibility is transitive where it is decided', () => {
    fc.assert(
      fc.property(randomSchema(1), randomSchema(1), randomSchema(1), (first, second, third) => {
        const narrow = { allOf: [first, second] };
        const wide = { anyOf: [second, third] };
        if (verdictOf(narrow, second) !== 'compatible') return;
        if (verdictOf(second, wide) !== 'compatible') return;
        expect(verdictOf(narrow, wide)).not.toBe('breaking');
      }),
      { numRuns, seed },
    );
  });

  it('output is input the other way', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        const output = compareSchemas(before, after, { direction: 'output' });
        expect(output.verdict).toBe(verdictOf(after, before));
      }),
      { numRuns, seed },
    );
  });
});

function judge(schema: Json): (value: Json) => boolean | undefined {
  const document = new SchemaDocument(schema, '2020-12');
  const formula = new SchemaCompiler(document, new Formulas()).compile(schema, '');
  return (value) => evaluate(formula, value);
}

function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => [key, reversed(part)] as const);
  return Object.fromEntries(entries.reverse());
}
