import type { Engine } from './engine.js';
import { GitError } from './git-error.js';
import { EMPTY_TREE, hashObject, isObjectId } from './object-id.js';
import {
  canonicalMode,
  compareTreeEntries,
  isTreeMode,
  parseTree,
  serializeTree,
  type RawTreeEntry,
} from './tree-object.js';
import { findPathProblem, MAX_PATH_BYTES } from './tree-path.js';
import type { FileMode, TreeChange } from './repository.js';

/** A tree after changes, and the objects that it needs and its predecessor did not have. */
export interface ChangedTree {
  readonly oid: string;
  readonly blobs: Map<string, Uint8Array>;
  readonly trees: Map<string, readonly RawTreeEntry[]>;
}

/** What becomes of a file: its new content, or nothing. */
type Leaf =
  | { readonly kind: 'remove' }
  | {
      readonly kind: 'put';
      readonly mode: FileMode;
      readonly oid: string;
      readonly content?: Uint8Array;
    };

/** The changes at and below one path. Both are there when a file and a folder change places. */
interface Node {
  readonly path: string;
  readonly children: Map<string, Node>;
  leaf?: Leaf;
}

/**
 * Applies changes to a tree (undefined: the empty one). Reads only the trees on the changed paths.
 * Every entry that no change names stays byte for byte; folders that become empty vanish.
 */
export async function changeTree(
  engine: Engine,
  tree: string | undefined,
  changes: readonly TreeChange[],
): Promise<ChangedTree> {
  const root = arrangeChanges(changes);
  await checkReferences(engine, changes);
  const result: ChangedTree = { oid: '', blobs: new Map(), trees: new Map() };
  const oid = (await changeFolder(engine, tree, root, result)) ?? EMPTY_TREE;
  if (oid === EMPTY_TREE && tree !== EMPTY_TREE) result.trees.set(oid, []);
  return { ...result, oid };
}

/** Returns the folder's new id, or undefined when nothing is left in it. */
async function changeFolder(
  engine: Engine,
  oid: string | undefined,
  node: Node,
  result: ChangedTree,
): Promise<string | undefined> {
  const before = oid === undefined ? [] : await readTree(engine, oid);
  const entries = new Map(before.map((entry) => [entry.name, entry]));
  const children = await Promise.all(
    Array.from(node.children, async ([name, child]) => {
      return [name, await changeEntry(engine, name, entries.get(name), child, result)] as const;
    }),
  );
  for (const [name, entry] of children) {
    if (entry === undefined) entries.delete(name);
    else entries.set(name, entry);
  }
  if (entries.size === 0) return undefined;
  const sorted = [...entries.values()].sort(compareTreeEntries);
  const id = hashObject('tree', serializeTree(sorted));
  if (id !== oid) result.trees.set(id, sorted);
  return id;
}

async function changeEntry(
  engine: Engine,
  name: string,
  old: RawTreeEntry | undefined,
  { path, leaf, children }: Node,
  result: ChangedTree,
): Promise<RawTreeEntry | undefined> {
  let entry = old;
  if (leaf?.kind === 'remove') {
    checkRemoval(path, old);
    entry = undefined;
  }
  if (children.size > 0) {
    if (entry !== undefined && !isTreeMode(entry.mode)) {
      throw invalidChange(path, 'not-a-folder', 'it is a file, and paths below it are changed');
    }
    const oid = await changeFolder(engine, entry?.oid, { path, children }, result);
    entry = oid === undefined ? undefined : { mode: '40000', name, oid };
  }
  return leaf?.kind === 'put' ? putLeaf(name, path, entry, leaf, result) : entry;
}

function checkRemoval(path: string, old: RawTreeEntry | undefined): void {
  if (old === undefined) throw invalidChange(path, 'missing', 'it is not there to be removed');
  if (isTreeMode(old.mode)) throw invalidChange(path, 'folder', 'it is a folder, not a file');
}

function putLeaf(
  name: string,
  path: string,
  old: RawTreeEntry | undefined,
  leaf: Extract<Leaf, { kind: 'put' }>,
  result: ChangedTree,
): RawTreeEntry {
  if (old !== undefined && isTreeMode(old.mode)) {
    throw invalidChange(path, 'folder', 'there is a folder in its place');
  }
  if (old?.oid === leaf.oid && canonicalMode(old.mode) === leaf.mode) return old;
  if (leaf.content !== undefined && old?.oid !== leaf.oid) result.blobs.set(leaf.oid, leaf.content);
  return { mode: leaf.mode, name, oid: leaf.oid };
}

async function readTree(engine: Engine, oid: string): Promise<RawTreeEntry[]> {
  if (oid === EMPTY_TREE) return [];
  const object = await engine.readObject(oid);
  if (object?.type === 'tree') return parseTree(oid, object.content);
  throw new GitError('missing-object', `tree ${oid} is missing`, { data: { oid } });
}

/**
 * Checks each change by itself, and hangs them up as a tree. What many changes have in common, their
 * folder, is looked at once: ten thousand files may lie two thousand folders deep.
 */
function arrangeChanges(changes: readonly TreeChange[]): Node {
  const root: Node = { path: '', children: new Map() };
  const folders = new Map([['', root]]);
  for (const change of changes) {
    const slash = change.path.lastIndexOf('/');
    const folder = change.path.slice(0, Math.max(slash, 0));
    let parent = slash === 0 ? undefined : folders.get(folder);
    const isKnown = parent !== undefined && Buffer.byteLength(change.path) <= MAX_PATH_BYTES;
    const problem = findPathProblem(isKnown ? change.path.slice(slash + 1) : change.path);
    if (problem !== undefined) throw invalidChange(change.path, 'path', problem);
    parent ??= folder.split('/').reduce(descend, root);
    folders.set(folder, parent);
    const node = descend(parent, change.path.slice(slash + 1));
    if (node.leaf !== undefined)
      throw invalidChange(change.path, 'duplicate', 'it is changed twice');
    node.leaf = toLeaf(change);
  }
  return root;
}

function descend(parent: Node, part: string): Node {
  const name = Buffer.from(part).toString('latin1');
  const child = parent.children.get(name) ?? {
    path: parent.path === '' ? part : `${parent.path}/${part}`,
    children: new Map(),
  };
  parent.children.set(name, child);
  return child;
}

function toLeaf(change: TreeChange): Leaf {
  const { path } = change;
  if ('remove' in change) return { kind: 'remove' };
  if (!['100644', '100755', '120000', '160000'].includes(change.mode)) {
    throw invalidChange(path, 'mode', `its mode is ${JSON.stringify(change.mode)}`);
  }
  if ('oid' in change) {
    if (!isObjectId(change.oid)) throw invalidChange(path, 'oid', 'its object id is not one');
    return { kind: 'put', mode: change.mode, oid: change.oid };
  }
  if (change.mode === '160000') {
    throw invalidChange(path, 'mode', 'a submodule is given by its commit id, not by content');
  }
  const oid = hashBlob(change.content);
  return { kind: 'put', mode: change.mode, oid, content: change.content };
}

/** One release goes to many repositories: the same bytes are named once for as long as they are held. */
const named = new WeakMap<Uint8Array, string>();

function hashBlob(content: Uint8Array): string {
  const known = named.get(content);
  if (known !== undefined) return known;
  const oid = hashObject('blob', content);
  named.set(content, oid);
  return oid;
}

/** Fails unless each object that a change names by id is a blob of this repository. */
async function checkReferences(engine: Engine, changes: readonly TreeChange[]): Promise<void> {
  const named = changes.filter((change) => 'oid' in change && change.mode !== '160000');
  await Promise.all(
    named.map(async (change) => {
      const oid = 'oid' in change ? change.oid : '';
      const type = (await engine.objectInfo(oid))?.type;
      if (type === 'blob') return;
      if (type !== undefined) {
        throw invalidChange(change.path, 'oid', `object ${oid} is a ${type}, not a file's content`);
      }
      throw new GitError('missing-object', `${change.path}: the repository has no object ${oid}`, {
        data: { oid, path: change.path },
      });
    }),
  );
}

function invalidChange(path: string, problem: string, reason: string): GitError {
  return new GitError('invalid-change', `cannot change ${JSON.stringify(path)}: ${reason}`, {
    data: { path, problem },
  });
}
