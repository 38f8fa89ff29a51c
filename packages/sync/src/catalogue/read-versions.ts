import { SyncError } from '../sync-error.js';
import type { OpenCatalogue } from './catalogue-ports.js';
import { deriveCatalogue } from './derive-catalogue.js';
import { readCatalogueManifest, resolveSource } from './pull-catalogue.js';

/** One state of a catalogue: as it lies here, as it was pulled, as the source has it now, or at a revision. */
export type CatalogueVersion =
  | { readonly kind: 'here' }
  | { readonly kind: 'pulled' }
  | { readonly kind: 'remote' }
  | { readonly kind: 'revision'; readonly revision: string };

/** A file of a state, its content read on demand. */
export interface VersionedFile {
  readonly path: string;
  readonly oid: string;
  read(): Promise<Uint8Array>;
}

/** A state of a catalogue: its files by path below the root. */
export interface VersionedCatalogue {
  readonly files: ReadonlyMap<string, VersionedFile>;
  /** The commit of the source; absent for the state here. */
  readonly commit?: string;
}

/**
 * Reads which files a state of a catalogue has; no content.
 *
 * @throws SyncError `unknown-revision`
 */
export async function readCatalogueVersion(
  catalogue: OpenCatalogue,
  version: CatalogueVersion,
): Promise<VersionedCatalogue> {
  if (version.kind === 'here') return readHere(catalogue);
  const commit = await commitOf(catalogue, version);
  const derived = await deriveCatalogue(catalogue, commit);
  const files = new Map<string, VersionedFile>();
  for (const [path, file] of derived.files)
    files.set(path, { path, oid: file.oid, read: () => derived.read(file) });
  return { files, commit: commit.oid };
}

async function readHere({ folder, settings }: OpenCatalogue): Promise<VersionedCatalogue> {
  const roots = Object.values(settings.content).flatMap((wanted) =>
    'files' in wanted ? Object.values(wanted.files) : [wanted.to],
  );
  const paths = (await folder.list()).filter((path) =>
    roots.some((root) => path === root || path.startsWith(root)),
  );
  const files = new Map<string, VersionedFile>();
  for (const [path, { oid, mode }] of await folder.look(paths)) {
    if (mode === '100644' || mode === '100755')
      files.set(path, { path, oid, read: () => folder.read(path) });
  }
  return { files };
}

async function commitOf(
  catalogue: OpenCatalogue,
  version: Exclude<CatalogueVersion, { kind: 'here' }>,
) {
  if (version.kind === 'remote') return resolveSource(catalogue);
  if (version.kind === 'revision') return resolveSource(catalogue, version.revision);
  const manifest = await readCatalogueManifest(catalogue);
  const commit = manifest && (await catalogue.source.resolveCommit(manifest.source_commit));
  if (commit) return commit;
  throw new SyncError(
    'unknown-revision',
    manifest
      ? `${catalogue.sourceName} no longer has ${manifest.source_commit}, which was pulled`
      : `${catalogue.name} was never pulled`,
    { hint: `pull it first: holdfast pull ${catalogue.name}` },
  );
}
