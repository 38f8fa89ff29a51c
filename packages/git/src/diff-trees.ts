import type { Engine } from './engine.js';
import { GitError } from './git-error.js';
import { beyondLimit, type Limits } from './limits.js';
import { EMPTY_TREE } from './object-id.js';
import type { TreeDifference } from './repository.js';
import { canonicalMode, isTreeMode, parseTree, type RawTreeEntry } from './tree-object.js';

/** What a comparison has come to so far. */
interface Comparison {
  readonly engine: Engine;
  readonly limits: Limits;
  readonly found: TreeDifference[];
  /** Entries that were looked at. */
  seen: number;
}

/**
 * The files that differ between two trees (undefined: the empty tree), by path. Reads only the
 * trees whose ids differ, and no content; fails with `too-large` beyond the limits of entries and depth.
 */
export async function diffTrees(
  engine: Engine,
  from: string | undefined,
  to: string,
  limits: Limits,
): Promise<TreeDifference[]> {
  const comparison: Comparison = { engine, limits, found: [], seen: 0 };
  await diffFolder(comparison, from, to, '', 0);
  return comparison.found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

async function diffFolder(
  comparison: Comparison,
  from: string | undefined,
  to: string | undefined,
  prefix: string,
  depth: number,
): Promise<void> {
  const { engine, limits } = comparison;
  if (from === to) return;
  if (depth > limits.depth) {
    throw beyondLimit('depth', 'the trees to compare are nested too deeply', limits.depth);
  }
  const before = await readEntries(engine, from);
  const after = await readEntries(engine, to);
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const old = before.get(name);
    const next = after.get(name);
    if (old?.oid === next?.oid && old?.mode === next?.mode) continue;
    if (++comparison.seen > limits.entries) {
      throw beyondLimit('entries', 'the trees to compare differ without end', limits.entries);
    }
    const path = prefix + Buffer.from(name, 'latin1').toString();
    const file = diffFile(path, fileOf(old), fileOf(next));
    if (file !== undefined) comparison.found.push(file);
    await diffFolder(comparison, treeId(old), treeId(next), `${path}/`, depth + 1);
  }
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
