import { describe, expect, it } from 'vitest';
import { compareSchemas, type Dialect, type Json } from '../src/index.js';
import { SchemaCompiler, SchemaProblemError } from '../src/schema/compile-schema.js';
import { evaluate } from '../src/schema/evaluate.js';
import { Formulas } from '../src/schema/formula.js';
import { SchemaDocument } from '../src/schema/schema-document.js';
import { secondOpinion } from './second-validator.js';
import { dialects, suiteOf, type SuiteGroup } from './test-suite.js';

/** Every how manyeth pair is compared; 1 compares all, which takes minutes. */
const stride = Number(process.env['HOLDFAST_SUITE_STRIDE'] ?? 9);

/** Where ajv, without which no witness counts, is wrong or gives up: those verdicts may be `unknown`. */
const hardForAjv = new Set([
  'pattern with Unicode property escape requires unicode mode',
  'unevaluatedItems with nested items',
  'unevaluatedItems with minContains = 0',
  'unevaluatedProperties with if/then/else, then not defined',
]);
const dynamic = /\$(?:dynamic|recursive)Ref/;

describe.each(dialects)('%s', (dialect) => {
  it('every formula agrees with the suite', () => {
    const wrong: string[] = [];
    let decided = 0;
    for (const group of suiteOf(dialect)) {
      const formula = formulaOf(group, dialect);
      if (formula === undefined) continue;
      for (const { data, valid, description } of group.tests) {
        const result = evaluate(formula, data);
        decided++;
        if (result !== valid) wrong.push(`${group.file}: ${group.description}: ${description}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(decided).toBeGreaterThan(550);
  });

  it('a schema without one value that it takes breaks input, and shows a value', async () => {
    const pairs = suiteOf(dialect).flatMap(({ schema, description, tests }) =>
      hasOwnMeaning(schema, dialect)
        ? tests
            .filter(({ valid }) => valid)
            .map(({ data }) => ({ description, schema, narrowed: withoutValue(schema, data) }))
        : [],
    );
    const unknown: string[] = [];
    for (const { schema, narrowed, description } of pairs.filter((_, at) => at % stride === 0)) {
      const { verdict, changes } = compareSchemas(schema, narrowed, {
        direction: 'input',
        dialect,
      });
      if (verdict === 'unknown') {
        if (!dynamic.test(JSON.stringify(schema))) unknown.push(description);
        continue;
      }
      expect([verdict, schema]).toEqual(['breaking', schema]);
      for (const { witness } of changes.filter((change) => change.witness !== undefined)) {
        expect(await secondOpinion(schema, witness!, dialect)).toBe(true);
        expect(await secondOpinion(narrowed, witness!, dialect)).toBe(false);
      }
      expect(changes.some((change) => change.witness !== undefined)).toBe(true);
      const back = compareSchemas(narrowed, schema, { direction: 'input', dialect });
      expect(back.verdict).not.toBe('breaking');
    }
    expect(unknown.filter((description) => !hardForAjv.has(description))).toEqual([]);
  });
});

function formulaOf({ schema }: SuiteGroup, dialect: Dialect) {
  try {
    return new SchemaCompiler(new SchemaDocument(schema, dialect), new Formulas()).compile(
      schema,
      '',
    );
  } catch (error) {
    // References out of the schema are refused.
    if (error instanceof SchemaProblemError && error.problem.rule === 'ref.network')
      return undefined;
    throw error;
  }
}

/** Whether a keyword beside the others counts, and the references lead nowhere else. */
function hasOwnMeaning(schema: Json, dialect: Dialect): boolean {
  const text = JSON.stringify(schema);
  if (/"\$?(?:ref|id)":"(?:https?:|urn:|file:|[a-z-]+\.json)/i.test(text)) return false;
  const isOld = dialect.startsWith('draft');
  return !(isOld && typeof schema === 'object' && Object.hasOwn(schema as object, '$ref'));
}

function withoutValue(schema: Json, value: Json): Json {
  const refusal = { not: { enum: [value] } };
  if (typeof schema === 'boolean') return schema ? refusal : false;
  const all = (schema as { allOf?: Json[] }).allOf ?? [];
  return { ...(schema as object), allOf: [...all, refusal] } as Json;
}
