import { join } from 'node:path';
import type { EngineOptions } from '../backend.js';
import { parseCommit } from '../commit-object.js';
import type { Engine } from '../engine.js';
import { createFilesEngine, type FilesEngine } from '../files/files-engine.js';
import type { FoundRepository } from '../files/find-repository.js';
import { readText } from '../files/read-file.js';
import { GitError } from '../git-error.js';
import { EMPTY_TREE } from '../object-id.js';
import type { Commit } from '../repository.js';
import { isTreeMode, parseTree, type RawTreeEntry } from '../tree-object.js';
import { findMergeBase, listLog, reaches, type History } from './commit-walk.js';
import { checkNotCheckedOut } from './work-trees.js';

/** The engine that does all of the work in process. */
export function createEmbeddedEngine(found: FoundRepository, options: EngineOptions): Engine {
  const { common } = found;
  const files = createFilesEngine(found, options, async (moves) => {
    checkNotCheckedOut(moves, found);
    return undefined;
  });
  const history = (): History => createHistory(files, common);
  return {
    ...files,
    kind: 'embedded',
    log: async (range) => listLog(history(), range),
    mergeBase: async (a, b) => findMergeBase(history(), a, b),
    isAncestor: async (ancestor, descendant) => reaches(history(), descendant, ancestor),
  };
}

/** What one walk reads, each commit once; those at a shallow repository's edge have no parents. */
export function createHistory(files: Pick<FilesEngine, 'readObject'>, common: string): History {
  const shallow = new Set(readText(join(common, 'shallow'))?.split('\n'));
  const commits = new Map<string, Promise<Commit>>();
  const load = async (oid: string): Promise<Commit> => {
    const object = await files.readObject(oid);
    if (object?.type !== 'commit') throw missing('commit', oid);
    const commit = parseCommit(oid, object.content);
    return shallow.has(oid) ? { ...commit, parents: [] } : commit;
  };
  return {
    readCommit(oid) {
      const commit = commits.get(oid) ?? load(oid);
      commits.set(oid, commit);
      return commit;
    },
    async describePaths(tree, paths) {
      const found = await Promise.all(paths.map((path) => findEntry(files, tree, path)));
      return found.map((entry) => (entry ? `${entry.mode} ${entry.oid}` : '')).join('\n');
    },
  };
}

/** Reads a tree, of which the empty one need not be stored. */
export async function readTree(
  files: Pick<FilesEngine, 'readObject'>,
  oid: string,
): Promise<RawTreeEntry[]> {
  if (oid === EMPTY_TREE) return [];
  const object = await files.readObject(oid);
  if (object?.type === 'tree') return parseTree(oid, object.content);
  throw missing('tree', oid);
}

async function findEntry(
  files: Pick<FilesEngine, 'readObject'>,
  tree: string,
  path: string,
): Promise<RawTreeEntry | undefined> {
  let entry: RawTreeEntry | undefined = { mode: '40000', name: '', oid: tree };
  for (const part of path.split('/').filter((name) => name !== '')) {
    if (entry === undefined || !isTreeMode(entry.mode)) return undefined;
    const name = Buffer.from(part).toString('latin1');
    entry = (await readTree(files, entry.oid)).find((candidate) => candidate.name === name);
  }
  return entry;
}

function missing(kind: string, oid: string): GitError {
  return new GitError('missing-object', `${kind} ${oid} is missing`, { data: { oid } });
}
