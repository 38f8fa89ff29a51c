/**
 * Hunts for wrong verdicts: random pairs of schemas, each witness judged by two validators that share no code, each
 * `compatible` tried with 2,000 values. `node bench/random-pairs.ts [count] [seed]`; exits 1 when a verdict is wrong.
 *
 * Where the two validators differ about a value, neither is proof; such values are counted, and printed.
 */
import { compareSchemas, type Json } from '@holdfast/catalog-diff';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { randomPair } from '../test/random-pair.ts';
import { randomValue } from '../test/random-schema.ts';
import { secondOpinion } from '../test/second-validator.ts';

const count = Number(process.argv[2] ?? 10_000);
const seed = Number(process.argv[3] ?? 20261124);

const values = fc.sample(randomValue(2).map(asParsed), { seed, numRuns: 2000 });
const first = new Ajv2020({
  strict: false,
  logger: false,
  allErrors: true,
  validateSchema: false,
});
const tally = {
  pairs: 0,
  breaking: 0,
  compatible: 0,
  unknown: 0,
  witnesses: 0,
  'values tried on compatible pairs': 0,
  wrong: 0,
  'validators differ': 0,
};
const undecided = new Map<string, number>();
const start = performance.now();

for (const pair of fc.sample(randomPair(2), { seed, numRuns: count })) {
  const [before, after] = pair.map(asParsed) as [Json, Json];
  const { verdict, changes } = compareSchemas(before, after, { direction: 'input' });
  tally.pairs++;
  tally[verdict]++;
  const witnesses = changes.flatMap(({ witness }) => (witness === undefined ? [] : [witness]));
  if (witnesses.length > 0 !== (verdict === 'breaking'))
    report('wrong', 'a witness and the verdict disagree', before, after, witnesses[0] ?? null);
  for (const witness of witnesses) await judgeWitness(before, after, witness);
  if (verdict === 'compatible') await huntCounterExample(before, after);
  if (verdict === 'unknown') {
    const keyword = changes.findLast((change) => change.keyword !== undefined)?.keyword ?? '?';
    undecided.set(keyword, (undecided.get(keyword) ?? 0) + 1);
  }
  if (tally.pairs % 1000 === 0)
    console.error(`${tally.pairs} of ${count}, ${seconds()} s, ${tally.wrong} wrong`);
}

console.table(tally);
console.log(`undecided because of ${JSON.stringify(Object.fromEntries(undecided))}`);
console.log(`seed ${seed}, ${seconds()} s`);
process.exitCode = tally.wrong > 0 ? 1 : 0;

/** A witness passes the one schema and fails the other. */
async function judgeWitness(before: Json, after: Json, witness: Json): Promise<void> {
  tally.witnesses++;
  const one = [ajv(before)(witness), ajv(after)(witness)];
  const other = [
    await secondOpinion(before, witness, '2020-12'),
    await secondOpinion(after, witness, '2020-12'),
  ];
  const isRight = ([accepts, refuses]: (boolean | undefined)[]): boolean =>
    accepts === true && refuses === false;
  if (isRight(one) && isRight(other)) return;
  const kind = isRight(one) || isRight(other) ? 'validators differ' : 'wrong';
  report(kind, `witness: ajv ${one.join()}, hyperjump ${other.join()}`, before, after, witness);
}

/** No value passes the one schema and fails the other. */
async function huntCounterExample(before: Json, after: Json): Promise<void> {
  const accepts = ajv(before);
  const refuses = ajv(after);
  for (const value of values) {
    tally['values tried on compatible pairs']++;
    if (accepts(value) !== true || refuses(value) !== false) continue;
    const isMissed =
      (await secondOpinion(before, value, '2020-12')) &&
      !(await secondOpinion(after, value, '2020-12'));
    report(isMissed ? 'wrong' : 'validators differ', 'compatible', before, after, value);
    return;
  }
}

/**
 * ajv by itself. Undefined where it fails, as it does beside some of `unevaluated…`; all errors are asked for, since it
 * overlooks some of `contains` otherwise.
 */
function ajv(schema: Json): (value: Json) => boolean | undefined {
  const validate = first.compile(schema as object | boolean);
  if (typeof schema === 'object') first.removeSchema(schema as object);
  return (value) => {
    try {
      return validate(value) as boolean;
    } catch {
      return undefined;
    }
  };
}

function report(
  kind: 'wrong' | 'validators differ',
  what: string,
  before: Json,
  after: Json,
  value: Json,
): void {
  tally[kind]++;
  console.log(`${kind}: ${what}: ${JSON.stringify({ before, after, value })}`);
}

/** As it comes from a file: fast-check makes objects without a prototype. */
function asParsed(value: Json): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

function seconds(): number {
  return Math.round((performance.now() - start) / 1000);
}
