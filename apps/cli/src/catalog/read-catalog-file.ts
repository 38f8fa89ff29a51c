import { resolve } from 'node:path';
import { readCatalog, type Catalog } from '@holdfast/catalog-diff';
import {
  CatalogError,
  readArtifact,
  readJsonFile,
  type ArtifactKind,
} from '@holdfast/catalog-diff/snapshots';
import { CliError } from '../cli-error.js';

/** Reads a JSON file that the user named. */
export async function readNamedJson(cwd: string, path: string): Promise<unknown> {
  const file = await readJsonFile(resolve(cwd, path));
  if (file === undefined)
    throw new CliError('file-missing', `there is no file ${path}`, { hint: 'check the path' });
  return file.value;
}

/** Reads a catalog of any shape that the user named. */
export async function readCatalogFile(
  cwd: string,
  path: string,
): Promise<{ value: unknown; catalog: Catalog }> {
  const value = await readNamedJson(cwd, path);
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
  return { value, catalog: reading.catalog };
}

const artifactKinds = new Set(['live-descriptors', 'intended-catalog', 'live-catalog']);
