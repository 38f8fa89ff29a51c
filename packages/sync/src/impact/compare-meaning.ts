import { compareModels, sentenceOf } from '@holdfast/catalog-diff/models';
import type { ModelChange, ModelFile } from '@holdfast/catalog-diff/models';
import { readJson } from '@holdfast/text';
import type { SourceRepository } from '../ports.js';
import type { Delivery } from '../source/select-deliveries.js';
import type { SourceChange } from './source-change.js';

/** What changes in meaning in one delivered model. */
export interface MeaningChange {
  /** Contract: `field.removed`, `type.narrowed`, … */
  readonly rule: string;
  readonly severity: ModelChange['severity'];
  /** The path of the model in the target. */
  readonly path: string;
  /** For people: what changed, whom it breaks, and a value that shows it. */
  readonly sentence: string;
}

/** More models than these, and only the first are compared. */
const MAX_MODELS = 500;

/** Says what the JSON models that a rule delivers come to mean by a change of the source. */
export async function compareMeaning(
  { before, after }: Pick<SourceChange, 'before' | 'after'>,
  earlier: readonly Delivery[],
  later: readonly Delivery[],
): Promise<readonly MeaningChange[]> {
  const were = new Map(earlier.map((delivery) => [delivery.path, delivery.oid]));
  const are = new Map(later.map((delivery) => [delivery.path, delivery.oid]));
  const changed = [...new Set([...were.keys(), ...are.keys()])]
    .filter((path) => path.endsWith('.json') && were.get(path) !== are.get(path))
    .sort()
    .slice(0, MAX_MODELS);
  if (changed.length === 0) return [];
  const { changes } = compareModels(
    await readModels(before, were, changed),
    await readModels(after, are, changed),
  );
  return changes.map((change) => ({
    rule: change.rule,
    severity: change.severity,
    path: change.path,
    sentence: sentenceOf(change),
  }));
}

async function readModels(
  source: SourceRepository,
  oids: ReadonlyMap<string, string>,
  paths: readonly string[],
): Promise<ModelFile[]> {
  const models: ModelFile[] = [];
  for (const path of paths) {
    const oid = oids.get(path);
    if (oid === undefined) continue;
    const { values, problems } = readJson(new TextDecoder().decode(await source.readBlob(oid)));
    const [value] = values;
    if (value && problems.length === 0)
      models.push({ path, value: value.value as ModelFile['value'] });
  }
  return models;
}
