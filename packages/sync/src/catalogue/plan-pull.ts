import { createHash } from 'node:crypto';
import { serializeCatalogueManifest } from '@holdfast/manifest';
import type { CatalogueEntry, CatalogueManifest } from '@holdfast/manifest';
import { mergeContents } from '../file/merge-contents.js';
import type { Entry, TreeChange } from '../ports.js';
import type { CatalogueFile, DerivedCatalogue } from './derive-catalogue.js';
import type { TypesPlan } from './pull-types.js';
import type { PulledFile, PullOutcome } from './pulled-file.js';

/** A pull as data: what becomes of each file, and all that is to be written. */
export interface PullPlan {
  readonly files: readonly PulledFile[];
  readonly changes: readonly TreeChange[];
  /** The manifest after it; undefined when nothing changes. */
  readonly manifest?: CatalogueManifest;
}

/** What a pull is planned from. */
export interface PullInput {
  readonly name: string;
  readonly sourceName: string;
  readonly previous: CatalogueManifest | undefined;
  readonly derived: DerivedCatalogue;
  /** What lies at the paths of `previous` and `derived`. */
  readonly here: ReadonlyMap<string, Entry>;
  readonly readHere: (path: string) => Promise<Uint8Array>;
  /** The content of a base by its entry; undefined when the source no longer has it. */
  readonly readBase: (path: string, entry: CatalogueEntry) => Promise<Uint8Array | undefined>;
  /** Brings back what was deleted here. */
  readonly full: boolean;
  /** What becomes of the schemas of types. */
  readonly types: TypesPlan;
}

/** The tool's name in manifests. */
export const SYNCED_BY = 'holdfast pull';

/** Plans a pull: three-way by object ids, content read only where both sides changed. Pure but for reading. */
export async function planPull(input: PullInput): Promise<PullPlan> {
  const { previous, derived } = input;
  const paths = new Set([...(previous?.files.keys() ?? []), ...derived.files.keys()]);
  const files: PulledFile[] = [];
  const changes: TreeChange[] = [];
  const entries = new Map<string, CatalogueEntry>();
  for (const path of [...paths].sort()) {
    const decided = await decide(path, input);
    files.push(decided.file);
    if (decided.change) changes.push(decided.change);
    if (decided.entry) entries.set(path, decided.entry);
  }
  const { types } = input;
  for (const file of types.files) files.push(file);
  for (const change of types.changes) changes.push(change);
  const manifest = manifestOf(input, entries);
  const same = previous !== undefined && isSame(previous, manifest);
  return { files, changes, ...(same && changes.length === 0 ? {} : { manifest }) };
}

interface Decided {
  readonly file: PulledFile;
  readonly change?: TreeChange;
  readonly entry?: CatalogueEntry;
}

async function decide(path: string, input: PullInput): Promise<Decided> {
  const before = input.previous?.files.get(path);
  const there = input.derived.files.get(path);
  const here = input.here.get(path);
  if (here && here.mode !== '100644' && here.mode !== '100755')
    return blocked(path, 'it is no regular file here', before, there);
  if (!there) return before ? withdrawn(path, before, here) : settled(path, 'unchanged');
  if (before && here && (await holdsMarkers(path, before, here, input)))
    return settled(path, 'unresolved', before);
  const entry = await entryOf(there, before, input);
  if (!here) return absent(path, { before, there, entry }, input);
  const edited = before ? here.oid !== before.oid || here.mode !== before.mode : true;
  const moved = before ? there.oid !== before.oid || there.mode !== before.mode : true;
  if (here.oid === there.oid && here.mode === there.mode) return settled(path, 'unchanged', entry);
  if (!moved) return settled(path, 'edited', entry);
  if (!edited) return written(path, 'updated', { there, entry }, input);
  return merged(path, { before, there, here, entry }, input);
}

function settled(path: string, outcome: PullOutcome, entry?: CatalogueEntry): Decided {
  return { file: { path, outcome }, ...(entry ? { entry } : {}) };
}

function blocked(
  path: string,
  reason: string,
  before: CatalogueEntry | undefined,
  there: CatalogueFile | undefined,
): Decided {
  return {
    file: { path, outcome: 'conflicted', reason },
    ...(before && there ? { entry: before } : {}),
  };
}

/** The source has it no more: removed unless somebody here changed it. */
function withdrawn(path: string, before: CatalogueEntry, here: Entry | undefined): Decided {
  if (!here) return settled(path, 'unchanged');
  if (here.oid === before.oid)
    return { file: { path, outcome: 'removed' }, change: { path, remove: true } };
  const reason = 'the source removed it, it was changed here: it stays; delete it, or push it back';
  return {
    file: { path, outcome: 'conflicted', reason },
    entry: { ...before, conflict: true },
  };
}

interface Sides {
  readonly before: CatalogueEntry | undefined;
  readonly there: CatalogueFile;
  readonly entry: CatalogueEntry;
}

async function absent(path: string, { before, there, entry }: Sides, input: PullInput) {
  if (!before) return written(path, 'added', { there, entry }, input);
  if (input.full) return written(path, 'restored', { there, entry }, input);
  if (there.oid === before.oid) return settled(path, 'deleted', entry);
  const { file, ...rest } = await written(path, 'conflicted', { there, entry }, input);
  const reason = 'deleted here, changed by the source: it came back; keep it, or delete it again';
  return { file: { ...file, reason }, ...rest };
}

async function written(
  path: string,
  outcome: PullOutcome,
  { there, entry }: Pick<Sides, 'there' | 'entry'>,
  { derived }: PullInput,
): Promise<Decided> {
  const content = await derived.read(there);
  return { file: { path, outcome }, change: { path, mode: there.mode, content }, entry };
}

async function merged(
  path: string,
  { before, there, here, entry }: Sides & { readonly here: Entry },
  input: PullInput,
): Promise<Decided> {
  const { name, sourceName, derived } = input;
  const ours = await input.readHere(path);
  const theirs = await derived.read(there);
  const base = before && (await input.readBase(path, before));
  const mode = before && here.mode !== before.mode ? here.mode : there.mode;
  const labels = {
    ours: name,
    base: 'base',
    theirs: `${sourceName} ${derived.commit.oid.slice(0, 12)}`,
  };
  const settings = { by: 'auto', style: 'merge', identity_keys: [] as string[], labels } as const;
  const result = mergeContents(path, { base, ours, theirs }, settings);
  if (result.kind === 'binary') {
    const reason = 'both sides changed it, and it has no lines: it stays as it is here';
    return {
      file: { path, outcome: 'conflicted', reason },
      entry: { ...entry, conflict: true },
    };
  }
  const change = { path, mode, content: result.content };
  if (result.kind === 'clean') return { file: { path, outcome: 'merged' }, change, entry };
  return {
    file: { path, outcome: 'conflicted', conflicts: result.conflict.ranges },
    change,
    entry: { ...entry, conflict: true },
  };
}

/** A file that a pull left in conflict, as long as its markers are there. */
async function holdsMarkers(
  path: string,
  before: CatalogueEntry,
  here: Entry,
  { readHere }: PullInput,
): Promise<boolean> {
  if (!before.conflict || here.oid === before.oid) return false;
  const text = new TextDecoder().decode(await readHere(path));
  return /^<{7} /m.test(text) && /^>{7} /m.test(text);
}

async function entryOf(
  there: CatalogueFile,
  before: CatalogueEntry | undefined,
  { derived }: PullInput,
): Promise<CatalogueEntry> {
  const { source, oid, sourceOid } = there;
  const mode = there.mode === '100755' ? '100755' : '100644';
  const known = before?.oid === oid ? before.sha256 : undefined;
  const sha256 =
    known ??
    createHash('sha256')
      .update(await derived.read(there))
      .digest('hex');
  return { source, oid, sha256, mode, ...(sourceOid === oid ? {} : { source_oid: sourceOid }) };
}

function manifestOf(
  { sourceName, derived, types }: PullInput,
  files: ReadonlyMap<string, CatalogueEntry>,
): CatalogueManifest {
  const { oid, committer } = derived.commit;
  return {
    source_repo: sourceName,
    source_commit: oid,
    synced_at: new Date(committer.timestamp * 1000).toISOString().replace('.000Z', 'Z'),
    synced_by: SYNCED_BY,
    content: derived.content,
    version: 1,
    files,
    ...(types.record ? { types: types.record } : {}),
  };
}

/** Whether a manifest would say the same, but for the commit that says it. */
function isSame(previous: CatalogueManifest, next: CatalogueManifest): boolean {
  const { source_commit, synced_at, synced_by } = previous;
  const body = (manifest: CatalogueManifest) =>
    serializeCatalogueManifest({
      ...manifest,
      source_commit,
      synced_at,
      synced_by,
      content: Object.fromEntries(Object.entries(manifest.content).sort()),
    });
  return body(previous) === body(next);
}
