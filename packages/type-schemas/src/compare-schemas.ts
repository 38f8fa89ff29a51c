import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import fastGlob from 'fast-glob';
import { SchemaError } from './schema-error.js';
import { digestFiles, digestSchema, sourceOf } from './schema-file.js';

/** How a schema stands to its sources. */
export interface SchemaState {
  /** The name of the file in its folder. */
  readonly name: string;
  /**
   * `stale`: its sources changed since, or are gone. `edited`: it was changed by hand. `missing`: a type
   * has none yet. `obsolete`: no type has it any more.
   */
  readonly state: 'current' | 'stale' | 'edited' | 'missing' | 'obsolete';
  /** What the schema was made of and is not there. */
  readonly gone?: readonly string[];
}

/** A schema that was extracted, as it lies in a folder. */
interface StoredSchema {
  readonly name: string;
  readonly text: string;
  readonly value: object;
}

/**
 * Compares the extracted schemas of a folder with their sources, by the digests that they bear; no
 * compiler is needed. Other files of the folder are left alone.
 *
 * @throws SchemaError `bad-argument` where there is no extracted schema.
 */
export async function compareWithSources(folder: string): Promise<SchemaState[]> {
  const stored = await readSchemas(folder);
  if (stored.length === 0) {
    throw new SchemaError('bad-argument', `${folder} holds no extracted schema`, {
      hint: "write some with: holdfast schemas extract --types 'src/types/*.ts' --out schemas",
    });
  }
  return Promise.all(stored.map((schema) => compareOne(schema, folder)));
}

async function compareOne({ name, value }: StoredSchema, folder: string): Promise<SchemaState> {
  const source = sourceOf(value);
  if (source?.schema !== digestSchema(value)) return { name, state: 'edited' };
  const texts = new Map<string, string>();
  for (const file of source.files) {
    const text = await readText(resolve(folder, file));
    if (text !== undefined) texts.set(file, text);
  }
  const gone = source.files.filter((file) => !texts.has(file));
  if (gone.length > 0) return { name, state: 'stale', gone };
  return { name, state: digestFiles(texts) === source.digest ? 'current' : 'stale' };
}

/** Compares the schemas of a folder with what would be extracted now. */
export async function compareWithExtraction(
  folder: string,
  extracted: ReadonlyMap<string, string>,
  { isComplete }: { readonly isComplete: boolean },
): Promise<SchemaState[]> {
  const stored = new Map((await readSchemas(folder)).map((schema) => [schema.name, schema]));
  const states = [...extracted].map(([name, text]): SchemaState => {
    const found = stored.get(name);
    if (!found) return { name, state: 'missing' };
    if (found.text.replaceAll('\r\n', '\n') === text) return { name, state: 'current' };
    const edited = sourceOf(found.value)?.schema !== digestSchema(found.value);
    return { name, state: edited ? 'edited' : 'stale' };
  });
  const obsolete = isComplete ? [...stored.keys()].filter((name) => !extracted.has(name)) : [];
  return [...states, ...obsolete.map((name): SchemaState => ({ name, state: 'obsolete' }))].sort(
    (a, b) => (a.name < b.name ? -1 : 1),
  );
}

async function readSchemas(folder: string): Promise<StoredSchema[]> {
  const names = await fastGlob('*.schema.json', { cwd: folder, dot: true });
  const schemas: StoredSchema[] = [];
  for (const name of names.sort()) {
    const text = (await readText(join(folder, name))) ?? '';
    const value = parse(text);
    if (sourceOf(value)) schemas.push({ name, text, value: value as object });
  }
  return schemas;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
}
