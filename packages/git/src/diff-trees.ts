import type { Engine } from './engine.js';
import { GitError } from './git-error.js';
import { EMPTY_TREE } from './object-id.js';
import type { TreeDifference } from './repository.js';
import { canonicalMode, isTreeMode, parseTree, type RawTreeEntry } from './tree-object.js';

/** Folders nested deeper than this are refused. */
const MAX_DEPTH = 1000;

/**
 * The files that differ between two trees (undefined: the empty tree), by path. Reads only the
 * trees whose ids differ, and no content.
 */
export async function diffTrees(
  engine: Engine,
  from: string | undefined,
  to: string,
): Promise<TreeDifference[]> {
  const differences = await diffFolder(engine, from, to, '', 0);
  return differences.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

async function diffFolder(
  engine: Engine,
  from: string | undefined,
  to: string | undefined,
  prefix: string,
  depth: number,
): Promise<TreeDifference[]> {
  if (from === to) return [];
  if (depth > MAX_DEPTH) throw new GitError('too-large', `${prefix} is nested too deeply`);
  const [before, after] = await Promise.all([readEntries(engine, from), readEntries(engine, to)]);
  const names = new Set([...before.keys(), ...after.keys()]);
  const found = await Promise.all(
    Array.from(names, (name) => {
      const old = before.get(name);
      const next = after.get(name);
      if (old?.oid === next?.oid && old?.mode === next?.mode) return [];
      return diffEntry(engine, old, next, prefix + Buffer.from(name, 'latin1').toString(), depth);
    }),
  );
  return found.flat();
}

async function diffEntry(
  engine: Engine,
  old: RawTreeEntry | undefined,
  next: RawTreeEntry | undefined,
  path: string,
  depth: number,
): Promise<TreeDifference[]> {
  const below = await diffFolder(engine, treeId(old), treeId(next), `${path}/`, depth + 1);
  const file = diffFile(path, fileOf(old), fileOf(next));
  return file === undefined ? below : [file, ...below];
}

function diffFile(
  path: string,
  old: TreeDifference['old'],
  next: TreeDifference['new'],
): TreeDifference | undefined {
  if (old === undefined) return next && { path, kind: 'added', new: next };
  if (next === undefined) return { path, kind: 'removed', old };
  if (old.oid === next.oid && old.mode === next.mode) return undefined;
  return { path, kind: 'modified', old, new: next };
}

function treeId(entry: RawTreeEntry | undefined): string | undefined {
  return entry !== undefined && isTreeMode(entry.mode) ? entry.oid : undefined;
}

function fileOf(entry: RawTreeEntry | undefined): TreeDifference['old'] {
  if (entry === undefined || isTreeMode(entry.mode)) return undefined;
  return { oid: entry.oid, mode: canonicalMode(entry.mode) };
}

async function readEntries(
  engine: Engine,
  oid: string | undefined,
): Promise<Map<string, RawTreeEntry>> {
  if (oid === undefined || oid === EMPTY_TREE) return new Map();
  const object = await engine.readObject(oid);
  if (object?.type !== 'tree') {
    throw new GitError('missing-object', `tree ${oid} is missing`, { data: { oid } });
  }
  return new Map(parseTree(oid, object.content).map((entry) => [entry.name, entry]));
}
