import type { RemoteOptions } from '../backend.js';
import { createFilesEngine, type FilesEngine } from '../files/files-engine.js';
import { updateRefFiles, writeHead } from '../files/ref-transaction.js';
import { GitError } from '../git-error.js';
import type { PackableObject } from '../pack.js';
import { judgeRejections, type PushOutcome, type Rejection } from '../push-report.js';
import { isRefName } from '../ref-name.js';
import { MIRRORED, type Remote } from '../remote.js';
import type { RefUpdate } from '../repository.js';
import { listNewObjects, type Objects } from './list-new-objects.js';
import { listRemote } from './list-remote.js';
import { sendPack, sendPackAtOnce, THE_OBJECTS, type PushReport } from './send-pack.js';
import { discover } from './smart-http.js';
import { storePack } from './store-pack.js';
import { unsupported } from './unsupported.js';
import { createWrittenObjects } from './written-objects.js';

/** Fetches and pushes over http(s), in process. */
export function createEmbeddedRemote(options: RemoteOptions): Remote {
  const { directory, url } = options;
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

  const written = createWrittenObjects();

  return {
    fetch: () =>
      withMirror(async (mirror) => {
        const remote = await listRemote(options);
        const there = new Map([...remote.refs].filter(([name]) => isMirrored(name)));
        const here = new Map((await mirror.listRefs('refs/')).map(({ name, oid }) => [name, oid]));
        const wants = listMissing(mirror, there.values());
        const lost = new Set(listMissing(mirror, here.values()));
        const haves = [...new Set(here.values())].filter((oid) => !lost.has(oid));
        if (wants.length > 0) await storePack(await remote.fetchPack(wants, haves), options);
        await moveMirror(mirror, here, there);
        if (remote.head !== undefined && isMirrored(remote.head)) {
          await writeHead(remote.head, mirror.place);
        }
      }),
    remember: (added) => written.add(added),
    push: (updates) =>
      withMirror(async (mirror) => {
        const report = await pushAtOnce(updates, mirror);
        if (report?.rejected.length === 0) {
          written.clear();
          return { kind: 'pushed' };
        }
        const outcome = await pushAsAdvertised(updates, mirror, report);
        if (outcome.kind === 'pushed') written.clear();
        return outcome;
      }),
  };

  /** One ref, from what the mirror has seen of the remote. */
  async function pushAtOnce(
    [update, ...others]: readonly RefUpdate[],
    mirror: FilesEngine,
  ): Promise<PushReport | undefined> {
    if (update === undefined || others.length > 0) return undefined;
    const refs = await mirror.listRefs('refs/');
    const here = refs.find(({ name }) => name === update.ref)?.oid ?? null;
    if (here !== update.old || here === update.new) return undefined;
    const objects = await collect(mirror, [update], new Set(refs.map(({ oid }) => oid)));
    return sendPackAtOnce(update, objects, options);
  }

  /** Any refs; what a first try was rejected for counts where the remote has what it was to have. */
  async function pushAsAdvertised(
    updates: readonly RefUpdate[],
    mirror: FilesEngine,
    tried: PushReport | undefined,
  ): Promise<PushOutcome> {
    const remote = await discover('git-receive-pack', options);
    const actual = (ref: string): string | null => remote.refs.get(ref) ?? null;
    const pending = updates.filter(({ ref, new: next }) => actual(ref) !== next);
    const stale = pending.find(({ ref, old }) => actual(ref) !== old);
    if (stale !== undefined) return { kind: 'stale', words: `${stale.ref} has moved` };
    if (pending.length === 0) return { kind: 'pushed' };
    const { rejected, words } =
      tried && !tried.rejected.some(lacksObjects)
        ? tried
        : await sendPack(
            remote,
            pending,
            await collect(mirror, pending, new Set(remote.refs.values())),
            url,
          );
    return judgeRejections(rejected, words, pending.length, url);
  }

  async function collect(
    mirror: FilesEngine,
    updates: readonly RefUpdate[],
    there: ReadonlySet<string>,
  ): Promise<PackableObject[]> {
    const objects: Objects = {
      async readObject(oid) {
        const own = written.get(oid);
        const content = own?.content;
        return own && Buffer.isBuffer(content) ? { ...own, content } : mirror.readObject(oid);
      },
    };
    const oids = await listNewObjects(objects, mirror.place.common, updates, there);
    const found = await Promise.all(
      oids.map(async (oid) => written.get(oid) ?? (await mirror.readObject(oid))),
    );
    return found.filter((object) => object !== undefined);
  }
}

/** The remote has lost what the mirror knows it had. */
function lacksObjects({ ref, reason }: Rejection): boolean {
  return ref === THE_OBJECTS || reason.includes('missing necessary objects');
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
