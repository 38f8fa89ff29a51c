import {
  CATALOGUE_MANIFEST,
  parseCatalogueManifest,
  serializeCatalogueManifest,
} from '@holdfast/manifest';
import type { CatalogueEntry, CatalogueManifest } from '@holdfast/manifest';
import type { Commit } from '../ports.js';
import { SyncError } from '../sync-error.js';
import type { CatalogueFolder, OpenCatalogue } from './catalogue-ports.js';
import { deriveCatalogue } from './derive-catalogue.js';
import type { DerivedCatalogue } from './derive-catalogue.js';
import { planPull } from './plan-pull.js';
import type { PulledFile } from './pulled-file.js';
import { planTypes } from './pull-types.js';
import type { ExtractTypes, TypesPlan } from './pull-types.js';

/** How to pull. */
export interface PullOptions {
  /** Any revision of the source; default the head of its branch. */
  readonly ref?: string;
  /** Brings back what was deleted here, and writes what lies there anew. */
  readonly full?: boolean;
  /** Only plans. */
  readonly check?: boolean;
  /** Makes schemas of the source's types; where the configuration asks for them. */
  readonly extract?: ExtractTypes;
}

/** What a pull came to. */
export interface Pulled {
  readonly kind: 'current' | 'pulled' | 'conflicted';
  /** The commit of the source. */
  readonly commit: string;
  /** The commit that the manifest named before; absent at the first pull. */
  readonly from?: string;
  /** All files but the unchanged ones. */
  readonly files: readonly PulledFile[];
  /** How many files the catalogue has. */
  readonly total: number;
  /** What is wrong with the types of the source, or why their schemas are stale. */
  readonly problems: readonly string[];
}

/**
 * Brings a catalogue up to its source: what the source changed is written, what was changed here is
 * kept and merged, what the source withdrew and nobody changed is removed. The second run writes
 * nothing.
 *
 * @throws SyncError `unknown-revision`, `bad-manifest`, `unsafe-catalogue`
 */
export async function pullCatalogue(
  catalogue: OpenCatalogue,
  { ref, full = false, check = false, extract = noExtraction }: PullOptions = {},
): Promise<Pulled> {
  const { folder, name, sourceName } = catalogue;
  const previous = await readCatalogueManifest(catalogue);
  const commit = await resolveSource(catalogue, ref);
  const derived = await deriveCatalogue(catalogue, commit);
  if (derived.files.size === 0 && (previous?.files.size ?? 0) > 0) {
    throw new SyncError(
      'empty-catalogue',
      `${name}: ${commit.oid.slice(0, 12)} of ${sourceName} has none of the files of content`,
      {
        hint: 'nothing was removed; check content against the source, or the branch',
      },
    );
  }
  const types = await planTypes({
    types: catalogue.settings.validation.types,
    previous: previous?.types,
    snapshot: derived.snapshot,
    source: catalogue.source,
    folder,
    extract,
    full,
  });
  refuseCrossing(name, derived, types);
  const here = await folder.look(
    new Set([...(previous?.files.keys() ?? []), ...derived.files.keys()]),
  );
  const plan = await planPull({
    name,
    sourceName,
    previous,
    derived,
    here,
    readHere: (path) => folder.read(path),
    readBase: createBaseReader(catalogue, previous, derived),
    full,
    types,
  });
  if (!check && plan.manifest)
    await folder.write(plan.changes, serializeCatalogueManifest(plan.manifest));
  const files = plan.files.filter(({ outcome }) => outcome !== 'unchanged');
  const undecided = files.some(
    ({ outcome }) => outcome === 'conflicted' || outcome === 'unresolved',
  );
  return {
    kind: undecided ? 'conflicted' : plan.manifest ? 'pulled' : 'current',
    commit: commit.oid,
    ...(previous ? { from: previous.source_commit } : {}),
    files,
    total: derived.files.size,
    problems: types.problems,
  };
}

const noExtraction: ExtractTypes = () =>
  Promise.resolve({ kind: 'failed', reason: 'nothing extracts schemas here' });

/** A schema of a type and a file of the source cannot both lie at one path. */
function refuseCrossing(name: string, { files }: DerivedCatalogue, { record }: TypesPlan): void {
  const crossing = Object.keys(record?.schemas ?? {}).find((path) => files.has(path));
  if (crossing === undefined) return;
  throw new SyncError(
    'unsafe-catalogue',
    `${name}: a file of the source and the schema of a type meet at ${crossing}`,
    { hint: 'give the schemas a folder of their own in validation.types.to' },
  );
}

/** Reads a catalogue's manifest; undefined before the first pull. */
export async function readCatalogueManifest({
  folder,
  settings,
}: {
  readonly folder: Pick<CatalogueFolder, 'readManifest'>;
  readonly settings: OpenCatalogue['settings'];
}): Promise<CatalogueManifest | undefined> {
  const text = await folder.readManifest();
  if (text === undefined) return undefined;
  const file = `${settings.root}${CATALOGUE_MANIFEST}`;
  const parsed = parseCatalogueManifest(text, { file });
  if (parsed.kind === 'parsed') return parsed.value;
  const [first] = parsed.findings;
  const place = first?.range ? `:${first.range.start.line}:${first.range.start.column}` : '';
  throw new SyncError('bad-manifest', `${file}${place}: ${first?.message ?? 'is no manifest'}`, {
    hint: 'restore the file from git; without it every local edit would count as unknown',
  });
}

/** The commit to pull: of `ref`, or the head of the followed branch. */
export async function resolveSource(
  { source, sourceName, settings }: OpenCatalogue,
  ref?: string,
): Promise<Commit> {
  const branch = settings.source.branch ?? (await source.defaultBranch());
  const wanted = ref ?? (branch === undefined ? undefined : `refs/heads/${branch}`);
  const commit = wanted === undefined ? undefined : await source.resolveCommit(wanted);
  if (commit) return commit;
  throw new SyncError(
    'unknown-revision',
    wanted === undefined
      ? `${sourceName} has no commit yet`
      : `${sourceName} has no ${wanted.replace('refs/heads/', 'branch ')}`,
    { hint: 'name a branch in source.branch, or a revision with --ref' },
  );
}

/** Reads what a pull delivered before: from the derived files where they are the same, else derived again. */
function createBaseReader(
  catalogue: OpenCatalogue,
  previous: CatalogueManifest | undefined,
  derived: DerivedCatalogue,
) {
  let earlier: Promise<DerivedCatalogue | undefined> | undefined;
  const deriveEarlier = async () => {
    const commit = previous && (await catalogue.source.resolveCommit(previous.source_commit));
    return commit && deriveCatalogue(catalogue, commit);
  };
  return async (path: string, entry: CatalogueEntry): Promise<Uint8Array | undefined> => {
    const now = derived.files.get(path);
    if (now?.oid === entry.oid) return derived.read(now);
    earlier ??= deriveEarlier();
    const before = (await earlier)?.files.get(path);
    return before?.oid === entry.oid ? (await earlier)?.read(before) : undefined;
  };
}
