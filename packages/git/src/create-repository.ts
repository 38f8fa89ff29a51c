import { changeTree } from './change-tree.js';
import { serializeCommit } from './commit-object.js';
import { compareVersions } from './compare-versions.js';
import { diffTrees } from './diff-trees.js';
import type { Engine } from './engine.js';
import { GitError } from './git-error.js';
import { hashObject, isObjectId } from './object-id.js';
import type { Limits } from './limits.js';
import { matchTag } from './match-tag.js';
import { checkFullRefName } from './ref-name.js';
import { peelTags, requireCommit, resolveCommit, resolveTree } from './revision.js';
import { readBlob, readBlobs, type PathFinder } from './read-blobs.js';
import type {
  Commit,
  LogRange,
  NewCommit,
  Ref,
  RefUpdate,
  Release,
  Repository,
  Snapshot,
  UpdateRefsOutcome,
  WrittenCommit,
} from './repository.js';

/** Snapshots in which a file's name is looked for, when something is wrong with its content. */
const MAX_SNAPSHOTS = 8;

/** What is known of a repository beside its engine. */
export type RepositoryFacts = Pick<
  Repository,
  'location' | 'directory' | 'remote' | 'bare' | 'worktree'
> & {
  readonly limits: Limits;
};

/** Makes the port's functions out of an engine's. */
export function createRepository(engine: Engine, facts: RepositoryFacts): Repository {
  const { limits, ...rest } = facts;
  const paths = createPathFinder();
  return {
    ...rest,
    engine: engine.kind,
    resolveCommit: (revision) => resolveCommit(engine, revision),
    listRefs: (prefix) => listRefs(engine, prefix),
    defaultBranch: () => findDefaultBranch(engine, facts),
    listReleases: (pattern) => listReleases(engine, pattern),
    readSnapshot: async (revision) => paths.note(await readSnapshot(engine, revision)),
    readBlob: (oid) => readBlob(engine, oid, limits, paths.find),
    readBlobs: (oids) => readBlobs(engine, oids, limits, paths.find),
    hasObject: async (oid) => (await engine.objectInfo(checkId(oid)))?.type !== undefined,
    writeCommit: (commit) => writeCommit(engine, commit),
    updateRefs: (updates, options) => updateRefs(engine, updates, options?.message),
    log: (range) => log(engine, range),
    async mergeBase(a, b) {
      const [first, second] = await Promise.all([
        requireCommit(engine, a),
        requireCommit(engine, b),
      ]);
      return engine.mergeBase(first.oid, second.oid);
    },
    async isAncestor(ancestor, descendant) {
      const [first, second] = await Promise.all([
        requireCommit(engine, ancestor),
        requireCommit(engine, descendant),
      ]);
      return first.oid === second.oid || engine.isAncestor(first.oid, second.oid);
    },
    async diffTrees(from, to) {
      const old = from === null ? undefined : await resolveTree(engine, from);
      return diffTrees(engine, old, await resolveTree(engine, to), limits);
    },
    close: () => engine.close(),
  };
}

async function listRefs(engine: Engine, prefix: string): Promise<Ref[]> {
  const refs = await engine.listRefs(prefix);
  const peeled = await Promise.all(refs.map(({ oid }) => peelTags(engine, oid)));
  return refs.map((ref, index) => {
    const target = peeled[index];
    return target === undefined || target === ref.oid ? ref : { ...ref, peeled: target };
  });
}

async function findDefaultBranch(
  engine: Engine,
  { remote }: RepositoryFacts,
): Promise<string | undefined> {
  const head = await engine.readHead();
  if (head === undefined || !head.startsWith('refs/heads/')) return undefined;
  // A mirror's HEAD names some branch even when the remote has none.
  if (remote && (await engine.readRef(head)) === undefined) return undefined;
  return head.slice('refs/heads/'.length);
}

async function listReleases(engine: Engine, pattern: string): Promise<Release[]> {
  const prefix = 'refs/tags/';
  const refs = await engine.listRefs(prefix);
  const tags = refs
    .map(({ name, oid }) => ({ tag: name.slice(prefix.length), oid }))
    .filter(({ tag }) => matchTag(pattern, tag))
    .sort((a, b) => compareVersions(b.tag, a.tag));
  const releases = await Promise.all(
    tags.map(async ({ tag, oid }) => {
      const commit = await peelTags(engine, oid);
      const isCommit = commit !== undefined && (await engine.objectInfo(commit))?.type === 'commit';
      return isCommit ? [{ tag, commit, oid }] : [];
    }),
  );
  return releases.flat();
}

async function readSnapshot(engine: Engine, revision: string): Promise<Snapshot> {
  const { oid, tree } = await requireCommit(engine, revision);
  return { commit: oid, tree, ...(await engine.listFiles(tree)) };
}

/** Knows the paths of the snapshots that somebody still holds. */
function createPathFinder(): { note(snapshot: Snapshot): Snapshot; find: PathFinder } {
  let known: WeakRef<Snapshot>[] = [];
  return {
    note(snapshot) {
      known = known.filter((each) => each.deref() !== undefined).slice(-MAX_SNAPSHOTS);
      known.push(new WeakRef(snapshot));
      return snapshot;
    },
    find(oid) {
      for (const each of known) {
        for (const entry of each.deref()?.entries.values() ?? []) {
          if (entry.oid === oid) return entry.path;
        }
      }
      return undefined;
    },
  };
}

async function writeCommit(engine: Engine, commit: NewCommit): Promise<WrittenCommit> {
  const base = commit.parent === undefined ? undefined : await requireCommit(engine, commit.parent);
  const parents = await findParents(engine, base, commit.parents);
  const changed = await changeTree(engine, base?.tree, commit.changes);
  const content = serializeCommit({ ...commit, parents, tree: changed.oid });
  await engine.writeObjects({ blobs: changed.blobs, trees: changed.trees, commit: content });
  return {
    commit: hashObject('commit', content),
    tree: changed.oid,
    written: { blobs: changed.blobs.size, trees: changed.trees.size },
  };
}

async function findParents(
  engine: Engine,
  base: Commit | undefined,
  parents: readonly string[] | undefined,
): Promise<string[]> {
  if (parents === undefined) return base === undefined ? [] : [base.oid];
  const commits = await Promise.all(parents.map((parent) => requireCommit(engine, parent)));
  return commits.map(({ oid }) => oid);
}

async function updateRefs(
  engine: Engine,
  updates: readonly RefUpdate[],
  message = 'holdfast: update refs',
): Promise<UpdateRefsOutcome> {
  for (const { ref, old, new: next } of updates) {
    checkFullRefName(ref);
    if (old !== null) checkId(old);
    if (next !== null) await checkTarget(engine, ref, checkId(next));
  }
  if (new Set(updates.map(({ ref }) => ref)).size < updates.length) {
    throw new GitError('invalid-argument', 'one transaction must name each ref once');
  }
  if (/[\n\0]/.test(message)) {
    throw new GitError('invalid-argument', 'the message of a ref update must be one line');
  }
  return updates.length === 0 ? { kind: 'updated' } : engine.updateRefs(updates, message);
}

/** A ref must not point at what is not there; a branch must point at a commit. */
async function checkTarget(engine: Engine, ref: string, oid: string): Promise<void> {
  const type = (await engine.objectInfo(oid))?.type;
  if (type === undefined) {
    throw new GitError('missing-object', `${ref} cannot go to ${oid}: there is no such object`, {
      data: { ref, oid },
    });
  }
  if (ref.startsWith('refs/heads/') && type !== 'commit') {
    throw new GitError('invalid-argument', `${ref} cannot go to ${oid}: it is a ${type}`, {
      data: { ref, oid, type },
    });
  }
}

async function log(engine: Engine, range: LogRange): Promise<Commit[]> {
  const to = await requireCommit(engine, range.to);
  const from = range.from === undefined ? undefined : await requireCommit(engine, range.from);
  const oids = await engine.log({
    ...range,
    to: to.oid,
    ...(from === undefined ? {} : { from: from.oid }),
  });
  return Promise.all(oids.map((oid) => requireCommit(engine, oid)));
}

function checkId(oid: string): string {
  if (isObjectId(oid)) return oid;
  throw new GitError(
    'invalid-argument',
    `an object id has 40 hex digits; got ${JSON.stringify(oid)}`,
  );
}
