import { compareModels, sentenceOf } from '@holdfast/catalog-diff/models';
import type { ModelChange, ModelComparison, ModelFile } from '@holdfast/catalog-diff/models';
import { readJson } from '@holdfast/text';
import { findMentions, isDocument } from './find-mentions.js';

/** A file of a state that is compared, its content read on demand. */
export interface MeaningfulFile {
  readonly path: string;
  readonly oid: string;
  read(): Promise<Uint8Array>;
}

/** The files of a state by path. */
export type MeaningfulFiles = ReadonlyMap<string, MeaningfulFile>;

/** More models than these are compared only where they changed: who reads what did not is left out. */
const MAX_MODELS = 5_000;

/** More readers of one change are counted. */
const TOLD_READERS = 10;

/** A larger file is no model of a catalogue. */
const MAX_MODEL_BYTES = 8 * 1024 * 1024;

/**
 * Says what changed in meaning between two states of files: of their JSON models, with the derivations,
 * models and documents that read what changed. A state without models has no meaning that changes.
 */
export async function compareMeaning(
  before: MeaningfulFiles,
  after: MeaningfulFiles,
): Promise<ModelComparison> {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  const models = paths.filter((path) => path.endsWith('.json'));
  const changed = models.filter((path) => before.get(path)?.oid !== after.get(path)?.oid);
  if (changed.length === 0) return { verdict: 'compatible', changes: [] };
  const wanted = models.length > MAX_MODELS ? changed : models;
  const old = await readModelFiles(before, wanted);
  const recent = await readModelFiles(after, wanted);
  // A file that holds conflict markers is no model that is gone.
  const unreadable = new Set([...old.unreadable, ...recent.unreadable]);
  const isRead = ({ path }: ModelFile) => !unreadable.has(path);
  const comparison = compareModels(old.models.filter(isRead), recent.models.filter(isRead));
  if (comparison.changes.length === 0) return comparison;
  const mentions = await readMentions(after, paths.filter(isDocument).slice(0, MAX_MODELS));
  const changes = comparison.changes.map((change) => withDocuments(change, mentions));
  return { ...comparison, changes };
}

/** One line for each change, with who reads it: for a commit message, a request or a terminal. */
export function describeMeaning({ changes }: Pick<ModelComparison, 'changes'>): string[] {
  return changes.map((change) => {
    const { affected } = change;
    const more = affected.length - TOLD_READERS;
    const told = affected.slice(0, TOLD_READERS).join(', ');
    const hit = more > 0 ? `${told} and ${more} more` : told;
    return affected.length > 0 ? `${sentenceOf(change)}; read by ${hit}` : sentenceOf(change);
  });
}

/** What files of models hold. */
export interface ModelsRead {
  readonly models: readonly ModelFile[];
  /** What is no JSON, or larger than any model. */
  readonly unreadable: readonly string[];
}

/** Reads the models at these paths. */
export async function readModelFiles(
  files: MeaningfulFiles,
  paths: Iterable<string>,
): Promise<ModelsRead> {
  const models: ModelFile[] = [];
  const unreadable: string[] = [];
  for (const path of paths) {
    const content = await files.get(path)?.read();
    if (!content) continue;
    const { values, problems } =
      content.length > MAX_MODEL_BYTES
        ? { values: [], problems: [] }
        : readJson(new TextDecoder().decode(content));
    const [value] = values;
    if (value && problems.length === 0)
      models.push({ path, value: value.value as ModelFile['value'] });
    else unreadable.push(path);
  }
  return { models, unreadable };
}

async function readMentions(
  files: MeaningfulFiles,
  documents: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const mentions = new Map<string, ReadonlySet<string>>();
  for (const path of documents) {
    const content = await files.get(path)?.read();
    if (content && content.length <= MAX_MODEL_BYTES)
      mentions.set(path, findMentions(new TextDecoder().decode(content)));
  }
  return mentions;
}

/** A document reads a model that it names, and a field that it names with its model. */
function withDocuments(
  change: ModelChange,
  mentions: ReadonlyMap<string, ReadonlySet<string>>,
): ModelChange {
  const root = change.field?.replace(/[.[].*$/s, '');
  const subject = root === undefined ? change.name : `${change.name}.${root}`;
  const hit = [...mentions].filter(([, names]) => names.has(subject)).map(([path]) => path);
  return hit.length === 0 ? change : { ...change, affected: [...change.affected, ...hit] };
}
