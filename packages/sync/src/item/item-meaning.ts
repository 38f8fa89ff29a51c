import type { ModelComparison } from '@holdfast/catalog-diff/models';
import { sameEntry } from '../file/decide-file.js';
import { compareMeaning } from '../compare-meaning.js';
import type { MeaningfulFile } from '../compare-meaning.js';
import type { Outcome } from '../plan.js';
import type { TreeChange } from '../ports.js';
import type { ItemInputs } from './item-inputs.js';

/** With more JSON than this only what changes is read: who else reads it is left out. */
const MAX_READERS = 300;

/**
 * What a request changes in the meaning of the JSON models that it delivers, with the delivered
 * derivations that read them. Undefined where it changes none: a first delivery has no meaning before it.
 */
export async function itemMeaning(
  { target }: Pick<ItemInputs, 'target'>,
  outcomes: readonly Outcome[],
  changes: readonly TreeChange[],
): Promise<ModelComparison | undefined> {
  const models = outcomes.filter(({ path }) => path.endsWith('.json'));
  const changed = models.filter(({ before, after }) => !sameEntry(before, after));
  if (changed.length === 0 || models.every(({ before }) => !before)) return undefined;
  const contents = new Map(
    changes.flatMap((change) => ('content' in change ? [[change.path, change.content]] : [])),
  );
  const before = new Map<string, MeaningfulFile>();
  const after = new Map<string, MeaningfulFile>();
  for (const outcome of models.length > MAX_READERS ? changed : models) {
    const { path } = outcome;
    const add = (
      files: Map<string, MeaningfulFile>,
      entry: Outcome['before'],
      content?: Uint8Array,
    ) => {
      if (!entry || entry.mode === '120000' || entry.mode === '160000') return;
      const read = () => (content ? Promise.resolve(content) : target.contents.read(entry.oid));
      files.set(path, { path, oid: entry.oid, read });
    };
    add(before, outcome.before);
    add(after, outcome.after, contents.get(path));
  }
  const meaning = await compareMeaning(before, after);
  return meaning.changes.length > 0 ? meaning : undefined;
}
