import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import { parseCommit } from '../commit-object.js';
import { listNewObjects, type Engine } from '../engine.js';
import { GitError } from '../git-error.js';
import { EMPTY_TREE } from '../object-id.js';
import type { Commit, Snapshot, SnapshotEntry } from '../repository.js';
import { canonicalMode, isTreeMode, parseTree, type RawTreeEntry } from '../tree-object.js';
import { findMergeBase, listLog, reaches, type History } from './commit-walk.js';
import { readText } from '../files/read-file.js';
import type { ObjectStore } from './object-store.js';
import type { RefStore } from './ref-store.js';
import { updateRefFiles } from './ref-transaction.js';
import { checkNotCheckedOut } from './work-trees.js';

/** Where a repository lies, and what reads it. */
export interface EmbeddedOptions {
  /** The work tree's git directory, or the repository's. */
  readonly directory: string;
  /** The directory that holds objects and refs. */
  readonly common: string;
  readonly bare: boolean;
  readonly objects: ObjectStore;
  readonly refs: RefStore;
}

/** The engine that does the work in process. */
export function createEmbeddedEngine(options: EmbeddedOptions): Engine {
  const { common, objects, refs } = options;
  let closed = false;
  const whenOpen =
    <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (closed) throw new GitError('closed', 'the repository was closed');
      return work(...args);
    };

  return {
    kind: 'embedded',
    readObject: whenOpen(objects.read),
    objectType: whenOpen(async (oid) => (await objects.read(oid))?.type),
    readRef: whenOpen((name) => refs.read(name)),
    expandOid: whenOpen(objects.expand),
    listRefs: whenOpen(refs.list),
    readHead: whenOpen(refs.readHead),
    listFiles: whenOpen((tree) => listFiles(objects, tree)),
    writeObjects: whenOpen((added) => objects.write(listNewObjects(added))),
    updateRefs: whenOpen((updates) =>
      updateRefFiles(updates, common, refs, async (moves) => checkNotCheckedOut(moves, options)),
    ),
    log: whenOpen(async (range) => listLog(await createHistory(options), range)),
    mergeBase: whenOpen(async (a, b) => findMergeBase(await createHistory(options), a, b)),
    isAncestor: whenOpen(async (ancestor, descendant) =>
      reaches(await createHistory(options), descendant, ancestor),
    ),
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
}

/** What one walk reads, each commit once; those at a shallow repository's edge have no parents. */
export async function createHistory({ common, objects }: EmbeddedOptions): Promise<History> {
  const shallow = new Set((await readText(join(common, 'shallow')))?.split('\n'));
  const commits = new Map<string, Promise<Commit>>();
  const load = async (oid: string): Promise<Commit> => {
    const commit = await readCommit(objects, oid);
    return shallow.has(oid) ? { ...commit, parents: [] } : commit;
  };
  return {
    readCommit(oid) {
      const commit = commits.get(oid) ?? load(oid);
      commits.set(oid, commit);
      return commit;
    },
    async describePaths(tree, paths) {
      const found = await Promise.all(paths.map((path) => findEntry(objects, tree, path)));
      return found.map((entry) => (entry ? `${entry.mode} ${entry.oid}` : '')).join('\n');
    },
  };
}

/** Reads a tree, of which the empty one need not be stored. */
export async function readTree(objects: ObjectStore, oid: string): Promise<RawTreeEntry[]> {
  if (oid === EMPTY_TREE) return [];
  const object = await objects.read(oid);
  if (object?.type === 'tree') return parseTree(oid, object.content);
  throw new GitError('missing-object', `tree ${oid} is missing`, { data: { oid } });
}

async function readCommit(objects: ObjectStore, oid: string): Promise<Commit> {
  const object = await objects.read(oid);
  if (object?.type === 'commit') return parseCommit(oid, object.content);
  throw new GitError('missing-object', `commit ${oid} is missing`, { data: { oid } });
}

async function findEntry(
  objects: ObjectStore,
  tree: string,
  path: string,
): Promise<RawTreeEntry | undefined> {
  let entry: RawTreeEntry | undefined = { mode: '40000', name: '', oid: tree };
  for (const part of path.split('/').filter((name) => name !== '')) {
    if (entry === undefined || !isTreeMode(entry.mode)) return undefined;
    const name = Buffer.from(part).toString('latin1');
    entry = (await readTree(objects, entry.oid)).find((candidate) => candidate.name === name);
  }
  return entry;
}

async function listFiles(
  objects: ObjectStore,
  tree: string,
): Promise<Pick<Snapshot, 'entries' | 'unreadable'>> {
  const entries = new Map<string, SnapshotEntry>();
  const unreadable: string[] = [];
  for (const { mode, name, oid } of await flatten(objects, tree, '')) {
    const bytes = Buffer.from(name, 'latin1');
    const path = bytes.toString();
    if (!isUtf8(bytes)) unreadable.push(path);
    else entries.set(path, { path, oid, mode: canonicalMode(mode) });
  }
  return { entries, unreadable };
}

async function flatten(
  objects: ObjectStore,
  tree: string,
  prefix: string,
): Promise<RawTreeEntry[]> {
  const entries = await readTree(objects, tree);
  const files = await Promise.all(
    entries.map((entry) => {
      const name = prefix + entry.name;
      return isTreeMode(entry.mode)
        ? flatten(objects, entry.oid, `${name}/`)
        : [{ ...entry, name }];
    }),
  );
  return files.flat();
}
