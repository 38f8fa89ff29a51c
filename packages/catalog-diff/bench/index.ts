/**
 * Verdicts and times of `compareSchemas` beside json-schema-diff, on pairs whose verdicts are known, and the time that
 * catalogs take: `node bench/index.ts`.
 */
import {
  compareCatalogs,
  compareSchemas,
  readCatalog,
  type Catalog,
  type Json,
} from '@holdfast/catalog-diff';
import jsonSchemaDiff from 'json-schema-diff';
import { schemaPairs } from './schema-pairs.ts';

interface Score {
  right: number;
  wrong: number;
  undecided: number;
  failed: number;
  milliseconds: number;
}

const ours: Score = { right: 0, wrong: 0, undecided: 0, failed: 0, milliseconds: 0 };
const theirs: Score = { right: 0, wrong: 0, undecided: 0, failed: 0, milliseconds: 0 };

for (const { before, after, breaks } of schemaPairs) {
  let start = performance.now();
  const { verdict } = compareSchemas(before, after, { direction: 'input' });
  ours.milliseconds += performance.now() - start;
  if (verdict === 'unknown') ours.undecided++;
  else if ((verdict === 'breaking') === breaks) ours.right++;
  else ours.wrong++;

  start = performance.now();
  try {
    const { removalsFound } = await jsonSchemaDiff.diffSchemas({
      sourceSchema: before as never,
      destinationSchema: after as never,
    });
    if (removalsFound === breaks) theirs.right++;
    else theirs.wrong++;
  } catch {
    theirs.failed++;
  }
  theirs.milliseconds += performance.now() - start;
}

console.log(`${schemaPairs.length} pairs of schemas`);
console.table({ compareSchemas: rounded(ours), 'json-schema-diff': rounded(theirs) });

const rows = [1000, 10_000].flatMap((count) => {
  const before = catalogOf(count, () => false);
  return [
    ['nothing changed', () => false],
    ['1 in 100 tools changed', (at: number) => at % 100 === 0],
  ].map(([title, changed]) => {
    const after = catalogOf(count, changed as (at: number) => boolean);
    const start = performance.now();
    const { summary } = compareCatalogs(before, after);
    return {
      tools: count,
      case: title as string,
      breaking: summary.breaking,
      milliseconds: Math.round(performance.now() - start),
    };
  });
});
console.table(rows);

function rounded(score: Score): Score {
  return { ...score, milliseconds: Math.round(score.milliseconds) };
}

/** Tools of twenty properties; a changed one closes its schema. */
function catalogOf(count: number, isChanged: (at: number) => boolean): Catalog {
  const tools = Array.from({ length: count }, (_, at) => {
    const properties = Array.from({ length: 20 }, (_value, place): [string, Json] => [
      `p${place}`,
      {
        type: place % 2 === 0 ? 'string' : 'integer',
        description: `property ${place} of tool ${at}`,
      },
    ]);
    const schema: Json = {
      type: 'object',
      properties: Object.fromEntries(properties),
      required: ['p0'],
    };
    return {
      name: `tool-${at}`,
      description: `does ${at}`,
      inputSchema: isChanged(at) ? { ...schema, additionalProperties: false } : schema,
    };
  });
  const reading = readCatalog({ tools });
  if (reading.kind === 'refused') throw new Error(reading.message);
  return reading.catalog;
}
