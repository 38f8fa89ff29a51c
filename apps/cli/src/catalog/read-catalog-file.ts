import { resolve } from 'node:path';
import { readCatalog, type Catalog, type CatalogProblem } from '@holdfast/catalog-diff';
import {
  CatalogError,
  readArtifact,
  readJsonFile,
  type ArtifactKind,
} from '@holdfast/catalog-diff/snapshots';
import { CliError } from '../cli-error.js';

const duplicateKey = 'catalog.duplicate-key';

/** What is odd about a file: a part that could not be read, and so is not compared, or a key that stands twice. */
export interface ReadingProblem extends Omit<CatalogProblem, 'ruleId'> {
  readonly path: string;
  readonly ruleId: CatalogProblem['ruleId'] | typeof duplicateKey;
}

/** Reads a JSON file that the user named. */
export async function readNamedJson(cwd: string, path: string): Promise<unknown> {
  return (await readNamedFile(cwd, path)).value;
}

/** Reads a JSON file that the user named, and says which keys stand in it twice. */
export async function readNamedFile(
  cwd: string,
  path: string,
): Promise<{ value: unknown; problems: readonly ReadingProblem[] }> {
  const file = await readJsonFile(resolve(cwd, path));
  if (file === undefined)
    throw new CliError('file-missing', `there is no file ${path}`, { hint: 'check the path' });
  const problems = file.warnings.map((warning): ReadingProblem => ({
    path,
    ruleId: duplicateKey,
    pointer: '',
    message: `${warning}; the last one counts`,
  }));
  return { value: file.value, problems };
}

/** A problem for people. */
export function sentenceOfProblem({ path, ruleId, pointer, message }: ReadingProblem): string {
  return ruleId === duplicateKey
    ? `${path}:${message}`
    : `not compared: ${path}#${pointer}: ${message}`;
}

/** Reads a catalog of any shape that the user named. */
export async function readCatalogFile(
  cwd: string,
  path: string,
): Promise<{ value: unknown; catalog: Catalog; problems: readonly ReadingProblem[] }> {
  const { value, problems } = await readNamedFile(cwd, path);
  const kind = (value as { kind?: unknown } | null)?.kind;
  if (typeof kind === 'string' && artifactKinds.has(kind)) {
    const reading = readArtifact(kind as ArtifactKind, value);
    if (reading.kind === 'newer')
      throw new CatalogError(
        'newer-version',
        path,
        `written by a newer version (${reading.version})`,
        {
          hint: 'use that version',
        },
      );
  }
  const reading = readCatalog(value);
  if (reading.kind === 'refused')
    throw new CliError('bad-argument', `${path}: ${reading.message}`, { hint: reading.hint });
  const { catalog } = reading;
  const unread = catalog.problems.map((problem) => ({ path, ...problem }));
  return { value, catalog, problems: [...problems, ...unread] };
}

const artifactKinds = new Set(['live-descriptors', 'intended-catalog', 'live-catalog']);
