import { writeFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { RemoteOptions } from '../backend.js';
import { parseTagTarget } from '../commit-object.js';
import { GitError } from '../git-error.js';
import { isRefName } from '../ref-name.js';
import { MIRRORED, type Remote } from '../remote.js';
import type { RefUpdate } from '../repository.js';
import { isTreeMode } from '../tree-object.js';
import { listRange } from './commit-walk.js';
import { createHistory, readTree, type EmbeddedOptions } from './embedded-engine.js';
import { fetchPack } from './fetch-pack.js';
import type { ObjectStore } from './object-store.js';
import { updateRefFiles } from './ref-transaction.js';
import { sendPack } from './send-pack.js';
import { discover } from './smart-http.js';
import { unsupported } from './unsupported.js';

/** Fetches and pushes over http(s), in process. */
export function createEmbeddedRemote(
  options: RemoteOptions,
  openMirror: () => Promise<EmbeddedOptions>,
): Remote {
  const { directory, url } = options;
  if (!/^https?:/.test(url)) throw unsupported(`${url} is not an http(s) URL`);

  return {
    async fetch() {
      const mirror = await openMirror();
      const remote = await discover('git-upload-pack', options);
      const there = new Map([...remote.refs].filter(([name]) => isMirrored(name)));
      const here = new Map((await mirror.refs.list('refs/')).map(({ name, oid }) => [name, oid]));
      const wants = await listMissing(mirror.objects, there.values());
      const lost = new Set(await listMissing(mirror.objects, here.values()));
      const haves = [...new Set(here.values())].filter((oid) => !lost.has(oid));
      if (wants.length > 0) await fetchPack(remote, wants, haves, directory);
      await moveMirror(mirror, here, there);
      if (remote.head !== undefined) await writeHead(directory, remote.head);
    },
    async push(updates) {
      const mirror = await openMirror();
      const remote = await discover('git-receive-pack', options);
      const actual = (ref: string): string | null => remote.refs.get(ref) ?? null;
      const pending = updates.filter(({ ref, new: next }) => actual(ref) !== next);
      const stale = pending.find(({ ref, old }) => actual(ref) !== old);
      if (stale !== undefined) return { kind: 'stale', words: `${stale.ref} has moved` };
      if (pending.length === 0) return { kind: 'pushed' };
      const oids = await listNewObjects(mirror, pending, new Set(remote.refs.values()));
      const objects = await Promise.all(oids.map((oid) => mirror.objects.read(oid)));
      return sendPack(
        remote,
        pending,
        objects.filter((object) => object !== undefined),
        url,
      );
    },
  };
}

function isMirrored(name: string): boolean {
  return MIRRORED.some((prefix) => name.startsWith(prefix)) && isRefName(name);
}

async function listMissing(objects: ObjectStore, oids: Iterable<string>): Promise<string[]> {
  const unique = [...new Set(oids)];
  const found = await Promise.all(unique.map((oid) => objects.read(oid)));
  return unique.filter((_oid, index) => found[index] === undefined);
}

/** Deletions first: a name may give way to one below it. */
async function moveMirror(
  { common, refs, objects }: EmbeddedOptions,
  here: ReadonlyMap<string, string>,
  there: ReadonlyMap<string, string>,
): Promise<void> {
  const missing = await listMissing(objects, there.values());
  if (missing.length > 0) {
    throw new GitError('corrupt', `the remote did not send ${missing[0]}`, {
      data: { missing, fault: 'remote' },
    });
  }
  const all = [...new Set([...here.keys(), ...there.keys()])].filter(isMirrored);
  const moves = all.map((ref) => ({
    ref,
    old: here.get(ref) ?? null,
    new: there.get(ref) ?? null,
  }));
  const gone = moves.filter((move) => move.new === null);
  const moved = moves.filter((move) => move.new !== null && move.new !== move.old);
  for (const updates of [gone, moved]) {
    if (updates.length > 0) await updateRefFiles(updates, common, refs, () => Promise.resolve());
  }
}

async function writeHead(directory: string, head: string): Promise<void> {
  if (!isMirrored(head)) return;
  const lock = join(directory, 'HEAD.lock');
  await writeFile(lock, `ref: ${head}\n`);
  await rename(lock, join(directory, 'HEAD'));
}

/**
 * The objects that the new values need and the remote does not have: of each commit that none of its
 * refs reaches, the trees and files that are in none of its parents at the same path.
 */
async function listNewObjects(
  mirror: EmbeddedOptions,
  updates: readonly RefUpdate[],
  advertised: ReadonlySet<string>,
): Promise<string[]> {
  const { objects } = mirror;
  const oids = new Set<string>();
  const tips: string[] = [];
  for (const { new: next } of updates) {
    if (next !== null) tips.push(...(await listTags(objects, next, oids)));
  }
  const bases = await Promise.all(
    Array.from(advertised, (oid) => listTags(objects, oid, new Set())),
  );
  const history = await createHistory(mirror);
  for (const commit of await listRange(history, tips, bases.flat())) {
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

/** Adds an object and what it tags to the list; returns the commit at the end, if there is one. */
async function listTags(objects: ObjectStore, oid: string, into: Set<string>): Promise<string[]> {
  const object = await objects.read(oid);
  if (object === undefined) return [];
  if (object.type === 'commit') return [oid];
  into.add(oid);
  if (object.type === 'tree') await addNewEntries(objects, oid, [], into);
  return object.type === 'tag' ? listTags(objects, parseTagTarget(oid, object.content), into) : [];
}

async function addNewEntries(
  objects: ObjectStore,
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
