import { isUtf8 } from 'node:buffer';
import { GitError } from './git-error.js';
import { beyondLimit, type Limits } from './limits.js';
import { EMPTY_TREE } from './object-id.js';
import type { Snapshot, SnapshotEntry } from './repository.js';
import { canonicalMode, isTreeMode, parseTree, type RawTreeEntry } from './tree-object.js';

/** Reads a tree object's content; undefined when it is missing. */
export type TreeSource = (oid: string) => Buffer | undefined | Promise<Buffer | undefined>;

/** What lies in and below one tree. */
interface Extent {
  readonly entries: readonly RawTreeEntry[];
  readonly files: number;
  readonly depth: number;
  /** Bytes of all paths, as seen from this tree. */
  readonly pathBytes: number;
}

/** Bytes that a path has on average at most, over all of a snapshot. */
const BYTES_PER_PATH = 256;

/**
 * Lists a tree's files in git's order. Each different tree is read once and measured before any path
 * is made: a tree of a few objects can stand for more paths than there is memory.
 */
export async function listTree(
  tree: string,
  readTree: TreeSource,
  limits: Limits,
): Promise<Pick<Snapshot, 'entries' | 'unreadable'>> {
  const extents = await measure(tree, readTree, limits);
  const entries = new Map<string, SnapshotEntry>();
  const unreadable: string[] = [];
  const open = [{ prefix: '', entries: extents.get(tree)?.entries ?? [], at: 0 }];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const entry = top.entries[top.at++];
    if (entry === undefined) {
      open.pop();
      continue;
    }
    const name = top.prefix + entry.name;
    if (isTreeMode(entry.mode)) {
      open.push({ prefix: `${name}/`, entries: extents.get(entry.oid)?.entries ?? [], at: 0 });
      continue;
    }
    const path = toText(name);
    if (path === undefined) unreadable.push(Buffer.from(name, 'latin1').toString());
    else entries.set(path, { path, oid: entry.oid, mode: canonicalMode(entry.mode) });
  }
  return { entries, unreadable };
}

/** Reads every tree below one, the deepest first, and says how much each stands for. */
async function measure(
  root: string,
  readTree: TreeSource,
  limits: Limits,
): Promise<ReadonlyMap<string, Extent>> {
  const known = new Map<string, Extent>();
  const read = async (oid: string): Promise<readonly RawTreeEntry[]> => {
    if (oid === EMPTY_TREE) return [];
    const content = await readTree(oid);
    if (content !== undefined) return parseTree(oid, content);
    throw new GitError('missing-object', `tree ${oid} is missing`, { data: { oid } });
  };
  let held = 0;
  const open: { oid: string; entries: readonly RawTreeEntry[]; at: number }[] = [];
  const enter = async (oid: string): Promise<void> => {
    if (open.length > limits.depth) throw tooDeep(root, limits.depth);
    const entries = await read(oid);
    held += entries.length;
    if (held > limits.entries) throw tooMany(root, held, limits.entries);
    open.push({ oid, entries, at: 0 });
  };
  await enter(root);
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const entry = top.entries[top.at++];
    if (entry === undefined) {
      known.set(top.oid, sumUp(top.entries, known));
      open.pop();
    } else if (isTreeMode(entry.mode) && !known.has(entry.oid)) await enter(entry.oid);
  }
  const extent = known.get(root);
  if (extent === undefined) return known;
  if (extent.depth > limits.depth) throw tooDeep(root, limits.depth);
  if (extent.files > limits.entries) throw tooMany(root, extent.files, limits.entries);
  const allowed = limits.entries * BYTES_PER_PATH;
  if (extent.pathBytes > allowed) {
    throw beyondLimit(
      'entries',
      `tree ${root} has paths of ${extent.pathBytes} bytes, more than ${allowed}`,
      limits.entries,
      { tree: root },
    );
  }
  return known;
}

function sumUp(entries: readonly RawTreeEntry[], known: ReadonlyMap<string, Extent>): Extent {
  let files = 0;
  let depth = 0;
  let pathBytes = 0;
  for (const { mode, name, oid } of entries) {
    const below = isTreeMode(mode) ? known.get(oid) : undefined;
    if (isTreeMode(mode) && below === undefined) continue;
    files += below?.files ?? 1;
    depth = Math.max(depth, (below?.depth ?? 0) + 1);
    pathBytes += (below?.pathBytes ?? 0) + (below?.files ?? 1) * (name.length + 1);
  }
  return { entries, files, depth, pathBytes };
}

/** A name's bytes as text; undefined where they are not UTF-8. */
function toText(name: string): string | undefined {
  if (!/[\x80-\xff]/.test(name)) return name;
  const bytes = Buffer.from(name, 'latin1');
  return isUtf8(bytes) ? bytes.toString() : undefined;
}

function tooMany(tree: string, found: number, allowed: number): GitError {
  const count = Number.isSafeInteger(found) ? `${found}` : `about ${found.toExponential(1)}`;
  return beyondLimit('entries', `tree ${tree} has ${count} entries`, allowed, { tree, found });
}

function tooDeep(tree: string, allowed: number): GitError {
  return beyondLimit('depth', `tree ${tree} has folders within folders without end`, allowed, {
    tree,
  });
}
