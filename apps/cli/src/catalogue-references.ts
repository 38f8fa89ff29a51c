import { readModels } from '@holdfast/catalog-diff/models';
import type { ModelFile } from '@holdfast/catalog-diff/models';
import type { VersionedCatalogue } from '@holdfast/sync';
import { readJson } from '@holdfast/text';

/**
 * What does not fit together in a catalogue: a derivation that reads a field that no model has, a
 * relationship that leads to no model. One line each, with its file.
 */
export async function checkReferences({ files }: VersionedCatalogue): Promise<string[]> {
  const models: ModelFile[] = [];
  for (const [path, file] of files) {
    if (!path.endsWith('.json')) continue;
    const { values, problems } = readJson(new TextDecoder().decode(await file.read()));
    const [value] = values;
    if (value && problems.length === 0)
      models.push({ path, value: value.value as ModelFile['value'] });
  }
  const read = readModels(models);
  const entities = new Map(
    read.flatMap((model) => (model.kind === 'entity' ? [[model.name, model] as const] : [])),
  );
  const found: string[] = [];
  for (const model of read) {
    if (model.kind === 'entity') {
      for (const [name, { to }] of model.relationships) {
        if (to !== '' && !entities.has(to))
          found.push(`${model.path}: relationship ${name} leads to ${to}, which no model is`);
      }
      continue;
    }
    for (const reads of model.reads) {
      const [entity = '', field] = reads.split('.');
      const known = entities.get(entity);
      if (field !== undefined && !known)
        found.push(`${model.path}: reads ${reads}, and no model is named ${entity}`);
      else if (known && field !== undefined && known.fields.size > 0 && !known.fields.has(field))
        found.push(`${model.path}: reads ${reads}, and ${entity} has no field ${field}`);
    }
  }
  return found.sort();
}
