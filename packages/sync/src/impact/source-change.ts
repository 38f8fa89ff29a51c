import { hashBlob } from '@holdfast/manifest';
import { merge3 } from '@holdfast/merge';
import type { Commit, Snapshot, SnapshotEntry, SourceRepository } from '../ports.js';
import { SyncError } from '../sync-error.js';

/** A source as it is and as a merge would leave it: one repository each, in which `head` holds that tree. */
export interface SourceChange {
  readonly base: Commit;
  readonly head: Commit;
  /** Both repositories answer for this commit, so that what is derived from it differs by content alone. */
  readonly before: SourceRepository;
  readonly after: SourceRepository;
  /** Names the pair of trees: the same digest is the same change. */
  readonly key: string;
  /** Files that git could not merge: both sides changed them. They are looked at as `head` has them. */
  readonly conflicts: readonly string[];
}

/**
 * Merges `head` into `base` in memory: what lies on `base` meanwhile stays, as a merge would have it.
 *
 * @throws SyncError `unknown-revision`
 */
export async function readSourceChange(
  source: SourceRepository,
  names: { readonly base: string; readonly head: string },
): Promise<SourceChange> {
  const base = await theCommit(source, names.base);
  const head = await theCommit(source, names.head);
  const ancestorId = await source.mergeBase(base.oid, head.oid);
  const ancestor = ancestorId === undefined ? undefined : await source.resolveCommit(ancestorId);
  const now = await source.readSnapshot(base.oid);
  const { entries, contents, conflicts } = await mergeSnapshots(source, {
    ancestor: ancestor && (await source.readSnapshot(ancestor.oid)),
    ours: now,
    theirs: await source.readSnapshot(head.oid),
  });
  const { unreadable } = now;
  const at = { commit: head.oid, tree: head.tree, unreadable };
  return {
    base,
    head,
    before: withSnapshot(source, { ...at, entries: now.entries }),
    after: withSnapshot(source, { ...at, entries }, contents),
    key: [head.oid, base.tree, ancestor?.tree ?? '', head.tree].join(' '),
    conflicts,
  };
}

/** A commit by any name; of a branch that only the remote has, as a checkout in CI leaves it. */
async function theCommit(source: SourceRepository, name: string): Promise<Commit> {
  const commit =
    (await source.resolveCommit(name)) ??
    (await source.resolveCommit(`refs/remotes/origin/${name}`).catch(() => undefined));
  if (commit) return commit;
  throw new SyncError('unknown-revision', `the source has no revision ${JSON.stringify(name)}`, {
    hint: 'name a branch, a tag or a commit id of the source; a shallow clone lacks most: fetch them first',
  });
}

interface MergedSnapshot {
  readonly entries: ReadonlyMap<string, SnapshotEntry>;
  /** What the merge made, by id. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
  readonly conflicts: readonly string[];
}

async function mergeSnapshots(
  source: SourceRepository,
  {
    ancestor,
    ours,
    theirs,
  }: {
    readonly ancestor: Snapshot | undefined;
    readonly ours: Snapshot;
    readonly theirs: Snapshot;
  },
): Promise<MergedSnapshot> {
  const contents = new Map<string, Uint8Array>();
  if (ancestor?.commit === ours.commit) return { entries: theirs.entries, contents, conflicts: [] };
  const merged: SnapshotEntry[] = [];
  const conflicts: string[] = [];
  for (const path of new Set([...ours.entries.keys(), ...theirs.entries.keys()])) {
    const [was, our, their] = [ancestor, ours, theirs].map((side) => side?.entries.get(path));
    if (isSame(our, their) || isSame(their, was)) {
      if (our) merged.push(our);
    } else if (isSame(our, was)) {
      if (their) merged.push(their);
    } else {
      const content = await mergeFile(source, was, our, their);
      if (content && their) {
        const oid = hashBlob(content);
        contents.set(oid, content);
        merged.push({ ...their, oid });
      } else {
        conflicts.push(path);
        if (their) merged.push(their);
      }
    }
  }
  merged.sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    entries: new Map(merged.map((entry) => [entry.path, entry])),
    contents,
    conflicts: conflicts.sort(),
  };
}

async function mergeFile(
  source: SourceRepository,
  ...sides: readonly (SnapshotEntry | undefined)[]
): Promise<Uint8Array | undefined> {
  const [was, our, their] = sides;
  if (!our || !their || !sides.every((side) => !side || side.mode.startsWith('100'))) {
    return undefined;
  }
  const result = merge3({
    base: was ? await source.readBlob(was.oid) : new Uint8Array(),
    ours: await source.readBlob(our.oid),
    theirs: await source.readBlob(their.oid),
  });
  return result.kind === 'clean' ? result.content : undefined;
}

function isSame(a: SnapshotEntry | undefined, b: SnapshotEntry | undefined): boolean {
  return a?.oid === b?.oid && a?.mode === b?.mode;
}

/** The repository, with another tree at one commit. */
function withSnapshot(
  source: SourceRepository,
  snapshot: Snapshot,
  contents: ReadonlyMap<string, Uint8Array> = new Map(),
): SourceRepository {
  return {
    resolveCommit: (revision) => source.resolveCommit(revision),
    listReleases: (pattern) => source.listReleases(pattern),
    readSnapshot: async (commit) =>
      commit === snapshot.commit ? snapshot : source.readSnapshot(commit),
    readBlob: async (oid) => contents.get(oid) ?? source.readBlob(oid),
    async *readBlobs(oids) {
      const there: string[] = [];
      for (const oid of oids) {
        const content = contents.get(oid);
        if (content) yield { oid, content };
        else there.push(oid);
      }
      yield* source.readBlobs(there);
    },
    log: (range) => source.log(range),
    isAncestor: (ancestor, descendant) => source.isAncestor(ancestor, descendant),
    mergeBase: (a, b) => source.mergeBase(a, b),
    defaultBranch: () => source.defaultBranch(),
  };
}
