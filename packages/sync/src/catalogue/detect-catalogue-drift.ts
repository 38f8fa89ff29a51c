import { compileGlob } from '@holdfast/manifest';
import type { CatalogueTypeRecord } from '@holdfast/manifest';
import type { CatalogueFolder, OpenCatalogue } from './catalogue-ports.js';
import { deriveCatalogue } from './derive-catalogue.js';
import type { DerivedCatalogue } from './derive-catalogue.js';
import { readCatalogueManifest, resolveSource } from './pull-catalogue.js';

/** One file that differs, here from the manifest or in the source from it. */
export interface CatalogueDifference {
  readonly path: string;
  readonly state: 'modified' | 'missing' | 'unknown' | 'added' | 'removed';
}

/** Where a catalogue stands. */
export type CatalogueDrift =
  | { readonly kind: 'never-pulled' }
  | { readonly kind: 'in-sync'; readonly commit: string; readonly files: number }
  | {
      readonly kind: 'drifted';
      /** The commit that was pulled. */
      readonly commit: string;
      /** The head of the source. */
      readonly remote: string;
      readonly files: number;
      /** What was changed here since: `modified` or `missing`. */
      readonly local: readonly CatalogueDifference[];
      /** What the source changed since: `modified`, `added` or `removed`. */
      readonly upstream: readonly CatalogueDifference[];
    };

/**
 * Compares a catalogue with its manifest, and the manifest with the source, by object ids. A source
 * whose head is the pulled commit is not looked into.
 */
export async function detectCatalogueDrift(catalogue: OpenCatalogue): Promise<CatalogueDrift> {
  const manifest = await readCatalogueManifest(catalogue);
  if (!manifest) return { kind: 'never-pulled' };
  const { source_commit: commit, files, types } = manifest;
  const local = [
    ...(await findLocalEdits(catalogue, files)),
    ...(await findLocalEdits(catalogue, schemasOf(types))),
  ];
  const head = await resolveSource(catalogue);
  const upstream: CatalogueDifference[] = [];
  if (head.oid !== commit) {
    const derived = await deriveCatalogue(catalogue, head);
    for (const [path, { oid, mode }] of derived.files) {
      const known = files.get(path);
      if (!known) upstream.push({ path, state: 'added' });
      else if (known.oid !== oid || known.mode !== mode) upstream.push({ path, state: 'modified' });
    }
    for (const [path, { conflict }] of files)
      if (!derived.files.has(path) && !conflict) upstream.push({ path, state: 'removed' });
    for (const moved of movedTypes(catalogue, derived, types)) upstream.push(moved);
  }
  if (local.length === 0 && upstream.length === 0)
    return { kind: 'in-sync', commit: head.oid, files: files.size };
  return { kind: 'drifted', commit, remote: head.oid, files: files.size, local, upstream };
}

/** The files of a manifest that differ here. */
export async function findLocalEdits(
  { folder }: { readonly folder: Pick<CatalogueFolder, 'look'> },
  files: ReadonlyMap<string, { readonly oid: string; readonly mode: string }>,
): Promise<CatalogueDifference[]> {
  const here = await folder.look(files.keys());
  const edits: CatalogueDifference[] = [];
  for (const [path, { oid, mode }] of files) {
    const found = here.get(path);
    if (!found) edits.push({ path, state: 'missing' });
    else if (found.oid !== oid || found.mode !== mode) edits.push({ path, state: 'modified' });
  }
  return edits;
}

function schemasOf(types: CatalogueTypeRecord | undefined) {
  const mode = '100644';
  return new Map(Object.entries(types?.schemas ?? {}).map(([path, oid]) => [path, { oid, mode }]));
}

/** The TypeScript files of the source, by their paths there, that the schemas here are not made of as they are now. */
function movedTypes(
  { settings }: OpenCatalogue,
  { snapshot }: DerivedCatalogue,
  record: CatalogueTypeRecord | undefined,
): CatalogueDifference[] {
  const { types } = settings.validation;
  if (!types || !record) return [];
  const isWanted = compileGlob(types.from);
  const moved = Object.entries(record.sources).flatMap(([path, oid]): CatalogueDifference[] => {
    const found = snapshot.entries.get(path);
    if (found?.oid === oid) return [];
    return [{ path, state: found ? 'modified' : 'removed' }];
  });
  const added = [...snapshot.entries.keys()]
    .filter((path) => isWanted(path) && !Object.hasOwn(record.sources, path))
    .map((path): CatalogueDifference => ({ path, state: 'added' }));
  return [...moved, ...added];
}
