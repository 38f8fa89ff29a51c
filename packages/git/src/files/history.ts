import { join } from 'node:path';
import { parseCommit } from '../commit-object.js';
import type { Engine } from '../engine.js';
import { GitError } from '../git-error.js';
import { EMPTY_TREE } from '../object-id.js';
import type { Commit } from '../repository.js';
import { isTreeMode, parseTree, type RawTreeEntry } from '../tree-object.js';
import type { History } from './commit-walk.js';
import { readText } from './read-file.js';

type Objects = Pick<Engine, 'readObject'>;

/** Thrown by a history that was to read no more commits than it has. */
export class LongHistory extends Error {
  override readonly name = 'LongHistory';
}

/**
 * What one walk reads, each commit once; those at a shallow repository's edge have no parents. With a
 * budget, a walk that needs more commits rejects with `LongHistory`.
 */
export function createHistory(objects: Objects, common: string, budget = Infinity): History {
  const shallow = new Set(readText(join(common, 'shallow'))?.split('\n'));
  const commits = new Map<string, Promise<Commit>>();
  const load = async (oid: string): Promise<Commit> => {
    if (commits.size >= budget) throw new LongHistory(`more than ${budget} commits`);
    const object = await objects.readObject(oid);
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
      const found = await Promise.all(paths.map((path) => findEntry(objects, tree, path)));
      return found.map((entry) => (entry ? `${entry.mode} ${entry.oid}` : '')).join('\n');
    },
  };
}

/** Reads a tree, of which the empty one need not be stored. */
export async function readTree(objects: Objects, oid: string): Promise<RawTreeEntry[]> {
  if (oid === EMPTY_TREE) return [];
  const object = await objects.readObject(oid);
  if (object?.type === 'tree') return parseTree(oid, object.content);
  throw missing('tree', oid);
}

async function findEntry(
  objects: Objects,
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

function missing(kind: string, oid: string): GitError {
  return new GitError('missing-object', `${kind} ${oid} is missing`, { data: { oid } });
}
