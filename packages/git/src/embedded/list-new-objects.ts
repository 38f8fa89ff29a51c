import { parseCommit, parseTagTarget } from '../commit-object.js';
import type { Engine } from '../engine.js';
import { listRange } from '../files/commit-walk.js';
import { createHistory, readTree } from '../files/history.js';
import type { RefUpdate } from '../repository.js';
import { isTreeMode } from '../tree-object.js';

/** Where objects are read. */
export type Objects = Pick<Engine, 'readObject'>;

/** So many new commits are looked for right below the tips before histories are compared. */
const FEW = 16;

/**
 * The objects that the new values need and the remote does not have: of each commit that none of its
 * refs reaches, the trees and files that are in none of its parents at the same path.
 */
export async function listNewObjects(
  objects: Objects,
  common: string,
  updates: readonly RefUpdate[],
  advertised: ReadonlySet<string>,
): Promise<string[]> {
  const oids = new Set<string>();
  const tips: string[] = [];
  for (const { new: next } of updates) {
    if (next !== null) for (const one of await listTags(objects, next, oids)) tips.push(one);
  }
  const history = createHistory(objects, common);
  const commits =
    (await listFew(objects, tips, advertised)) ??
    (await listRange(history, tips, await listCommits(objects, advertised)));
  for (const commit of commits) {
    oids.add(commit);
    const { tree, parents } = await history.readCommit(commit);
    const old = await Promise.all(parents.map((parent) => history.readCommit(parent)));
    await addNewEntries(
      objects,
      tree,
      old.map((parent) => parent.tree),
      oids,
    );
  }
  return [...oids];
}

/** The commits above what is advertised, if they are few and all end there; no other ref is read. */
async function listFew(
  objects: Objects,
  tips: readonly string[],
  advertised: ReadonlySet<string>,
): Promise<string[] | undefined> {
  const found = new Set<string>();
  const pending = [...tips];
  for (const oid of pending) {
    if (advertised.has(oid) || found.has(oid)) continue;
    const object = await objects.readObject(oid);
    if (object?.type !== 'commit' || found.size >= FEW) return undefined;
    const { parents } = parseCommit(oid, object.content);
    if (parents.length === 0) return undefined;
    found.add(oid);
    for (const one of parents) pending.push(one);
  }
  return [...found];
}

async function listCommits(objects: Objects, oids: Iterable<string>): Promise<string[]> {
  const found = await Promise.all(Array.from(oids, (oid) => listTags(objects, oid, new Set())));
  return found.flat();
}

/** Adds an object and what it tags to the list; returns the commit at the end, if there is one. */
async function listTags(objects: Objects, oid: string, into: Set<string>): Promise<string[]> {
  const object = await objects.readObject(oid);
  if (object === undefined) return [];
  if (object.type === 'commit') return [oid];
  into.add(oid);
  if (object.type === 'tree') await addNewEntries(objects, oid, [], into);
  return object.type === 'tag' ? listTags(objects, parseTagTarget(oid, object.content), into) : [];
}

async function addNewEntries(
  objects: Objects,
  tree: string,
  old: readonly string[],
  into: Set<string>,
): Promise<void> {
  if (old.includes(tree)) return;
  into.add(tree);
  const known = await Promise.all(
    old.map(
      async (oid) => new Map((await readTree(objects, oid)).map((each) => [each.name, each])),
    ),
  );
  for (const entry of await readTree(objects, tree)) {
    if (entry.mode === '160000') continue;
    const before = known.flatMap((entries) => entries.get(entry.name) ?? []);
    if (before.some(({ oid }) => oid === entry.oid)) continue;
    const trees = before.filter(({ mode }) => isTreeMode(mode)).map(({ oid }) => oid);
    if (isTreeMode(entry.mode)) await addNewEntries(objects, entry.oid, trees, into);
    else into.add(entry.oid);
  }
}
