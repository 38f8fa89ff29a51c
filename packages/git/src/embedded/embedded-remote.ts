import type { RemoteOptions } from '../backend.js';
import { parseTagTarget } from '../commit-object.js';
import { createFilesEngine, type FilesEngine } from '../files/files-engine.js';
import { listRange } from '../files/commit-walk.js';
import { createHistory, readTree } from '../files/history.js';
import { updateRefFiles, writeHead } from '../files/ref-transaction.js';
import { GitError } from '../git-error.js';
import { isRefName } from '../ref-name.js';
import { MIRRORED, type Remote } from '../remote.js';
import type { RefUpdate } from '../repository.js';
import { isTreeMode } from '../tree-object.js';
import { fetchPack } from './fetch-pack.js';
import { sendPack } from './send-pack.js';
import { discover } from './smart-http.js';
import { unsupported } from './unsupported.js';

/** Fetches and pushes over http(s), in process. */
export function createEmbeddedRemote(options: RemoteOptions): Remote {
  const { directory, url, limits } = options;
  if (!/^https?:/.test(url)) throw unsupported(`${url} is not an http(s) URL`);

  /** The mirror as it is now; open for one piece of work. */
  async function withMirror<T>(work: (mirror: FilesEngine) => Promise<T>): Promise<T> {
    const found = { directory, common: directory, bare: true, owned: true };
    const mirror = createFilesEngine(found, { ...options, runHooks: false }, async () => undefined);
    try {
      return await work(mirror);
    } finally {
      await mirror.close();
    }
  }

  return {
    fetch: () =>
      withMirror(async (mirror) => {
        const remote = await discover('git-upload-pack', options);
        const there = new Map([...remote.refs].filter(([name]) => isMirrored(name)));
        const here = new Map((await mirror.listRefs('refs/')).map(({ name, oid }) => [name, oid]));
        const wants = listMissing(mirror, there.values());
        const lost = new Set(listMissing(mirror, here.values()));
        const haves = [...new Set(here.values())].filter((oid) => !lost.has(oid));
        if (wants.length > 0) await fetchPack(remote, wants, haves, directory, limits);
        await moveMirror(mirror, here, there);
        if (remote.head !== undefined && isMirrored(remote.head)) {
          await writeHead(remote.head, mirror.place);
        }
      }),
    push: (updates) =>
      withMirror(async (mirror) => {
        const remote = await discover('git-receive-pack', options);
        const actual = (ref: string): string | null => remote.refs.get(ref) ?? null;
        const pending = updates.filter(({ ref, new: next }) => actual(ref) !== next);
        const stale = pending.find(({ ref, old }) => actual(ref) !== old);
        if (stale !== undefined) return { kind: 'stale', words: `${stale.ref} has moved` };
        if (pending.length === 0) return { kind: 'pushed' };
        const oids = await listNewObjects(mirror, pending, new Set(remote.refs.values()));
        const objects = await Promise.all(oids.map((oid) => mirror.readObject(oid)));
        return sendPack(
          remote,
          pending,
          objects.filter((object) => object !== undefined),
          url,
        );
      }),
  };
}

function isMirrored(name: string): boolean {
  return MIRRORED.some((prefix) => name.startsWith(prefix)) && isRefName(name);
}

function listMissing({ objects }: FilesEngine, oids: Iterable<string>): string[] {
  return [...new Set(oids)].filter((oid) => objects.info(oid) === undefined);
}

/** Deletions first: a name may give way to one below it. */
async function moveMirror(
  mirror: FilesEngine,
  here: ReadonlyMap<string, string>,
  there: ReadonlyMap<string, string>,
): Promise<void> {
  const missing = listMissing(mirror, there.values());
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
    if (updates.length > 0) {
      await updateRefFiles(updates, 'fetch', mirror.place, () => Promise.resolve(undefined));
    }
  }
}

/**
 * The objects that the new values need and the remote does not have: of each commit that none of its
 * refs reaches, the trees and files that are in none of its parents at the same path.
 */
async function listNewObjects(
  mirror: FilesEngine,
  updates: readonly RefUpdate[],
  advertised: ReadonlySet<string>,
): Promise<string[]> {
  const oids = new Set<string>();
  const tips: string[] = [];
  for (const { new: next } of updates) {
    if (next !== null) tips.push(...(await listTags(mirror, next, oids)));
  }
  const bases = await Promise.all(
    Array.from(advertised, (oid) => listTags(mirror, oid, new Set())),
  );
  const history = createHistory(mirror, mirror.place.common);
  for (const commit of await listRange(history, tips, bases.flat())) {
    oids.add(commit);
    const { tree, parents } = await history.readCommit(commit);
    const old = await Promise.all(parents.map((parent) => history.readCommit(parent)));
    await addNewEntries(
      mirror,
      tree,
      old.map((parent) => parent.tree),
      oids,
    );
  }
  return [...oids];
}

/** Adds an object and what it tags to the list; returns the commit at the end, if there is one. */
async function listTags(mirror: FilesEngine, oid: string, into: Set<string>): Promise<string[]> {
  const object = await mirror.readObject(oid);
  if (object === undefined) return [];
  if (object.type === 'commit') return [oid];
  into.add(oid);
  if (object.type === 'tree') await addNewEntries(mirror, oid, [], into);
  return object.type === 'tag' ? listTags(mirror, parseTagTarget(oid, object.content), into) : [];
}

async function addNewEntries(
  mirror: FilesEngine,
  tree: string,
  old: readonly string[],
  into: Set<string>,
): Promise<void> {
  if (old.includes(tree)) return;
  into.add(tree);
  const known = await Promise.all(
    old.map(async (oid) => new Map((await readTree(mirror, oid)).map((each) => [each.name, each]))),
  );
  for (const entry of await readTree(mirror, tree)) {
    if (entry.mode === '160000') continue;
    const before = known.flatMap((entries) => entries.get(entry.name) ?? []);
    if (before.some(({ oid }) => oid === entry.oid)) continue;
    const trees = before.filter(({ mode }) => isTreeMode(mode)).map(({ oid }) => oid);
    if (isTreeMode(entry.mode)) await addNewEntries(mirror, entry.oid, trees, into);
    else into.add(entry.oid);
  }
}
