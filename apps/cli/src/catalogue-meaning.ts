import { compareModels, sentenceOf } from '@holdfast/catalog-diff/models';
import type { ModelComparison, ModelFile } from '@holdfast/catalog-diff/models';
import type { VersionedCatalogue } from '@holdfast/sync';
import { readJson } from '@holdfast/text';

/** More models than these are compared only where they changed: who reads what did not is left out. */
const MAX_MODELS = 5_000;

/** What changed in meaning between two states of a catalogue. */
export async function compareCatalogues(
  before: VersionedCatalogue,
  after: VersionedCatalogue,
): Promise<ModelComparison> {
  const paths = new Set([...before.files.keys(), ...after.files.keys()]);
  const models = [...paths].filter((path) => path.endsWith('.json')).sort();
  const changed = models.filter(
    (path) => before.files.get(path)?.oid !== after.files.get(path)?.oid,
  );
  if (changed.length === 0) return { verdict: 'compatible', changes: [] };
  const wanted = models.length > MAX_MODELS ? changed : models;
  return compareModels(await readModels(before, wanted), await readModels(after, wanted));
}

/** A comparison as `--json` prints it. */
export function documentMeaning({ verdict, changes }: ModelComparison) {
  return {
    verdict,
    changes: changes.map((change) => ({ ...change, sentence: sentenceOf(change) })),
  };
}

/** The lines that say what changed, for a commit message, a request or a terminal. */
export function describeMeaning({ changes }: ModelComparison): string[] {
  return changes.map((change) => {
    const hit = change.affected.length > 0 ? `; read by ${change.affected.join(', ')}` : '';
    return `${sentenceOf(change)}${hit}`;
  });
}

async function readModels(
  { files }: VersionedCatalogue,
  paths: readonly string[],
): Promise<ModelFile[]> {
  const models: ModelFile[] = [];
  for (const path of paths) {
    const file = files.get(path);
    if (!file) continue;
    const text = new TextDecoder().decode(await file.read());
    const { values, problems } = readJson(text);
    const [value] = values;
    if (value && problems.length === 0)
      models.push({ path, value: value.value as ModelFile['value'] });
  }
  return models;
}
