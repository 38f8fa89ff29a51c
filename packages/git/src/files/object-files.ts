import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { GitObject, ObjectInfo } from '../engine.js';
import { GitError } from '../git-error.js';
import { beyondLimit, type Limits } from '../limits.js';
import { hashObject, type ObjectType } from '../object-id.js';
import { applyDelta, readDeltaHead } from './apply-delta.js';
import { readdirOrNone } from './find-repository.js';
import { inflateBounded, inflateHead } from './inflate.js';
import { openPack, type PackEntry, type PackFile } from './pack-file.js';
import { readAt, readRegularFile, readText, withFile } from './read-file.js';

/**
 * Reads a repository's objects in this process: loose files, packs, and those of alternates. Every
 * size is known and within its limit before anything is unpacked, and what is read has the id that was
 * asked for. Nothing is fetched, and no program runs.
 */
export interface ObjectFiles {
  /** Undefined when it is missing; fails with `too-large`, `corrupt`, or `unsupported` packs. */
  read(oid: string, limit?: number): GitObject | undefined;
  info(oid: string): ObjectInfo | undefined;
  /** Ids that begin so, at most two. */
  expand(prefix: string): string[];
  close(): void;
}

/** Borrowed from repositories that borrow, as deep as git goes. */
const MAX_ALTERNATES = 5;

/** Longer chains of differences are none that git makes. */
const MAX_CHAIN = 4_096;

/** So much of a loose object is read to see what it is; most are no longer. */
const LOOSE_START = 4_096;

/** More packs than these are left to the git program. */
const MAX_PACKS = 1_024;

/** Bases of differences that are kept, in bytes. */
const CACHE_BYTES = 16 * 1024 * 1024;

/** A folder that changed this short before it was listed may have changed again unseen. */
const RACY_MS = 2_000;

interface PackFolder {
  readonly folder: string;
  packs: Map<string, PackFile>;
  seen: number;
  listed: number;
}

/** Where an object lies. */
type Place =
  | {
      readonly kind: 'loose';
      readonly path: string;
      readonly start: Buffer;
      readonly length: number;
    }
  | { readonly kind: 'packed'; readonly pack: PackFile; readonly offset: number };

/** The objects below a common git directory. */
export function createObjectFiles(common: string, limits: Limits): ObjectFiles {
  const roots = listRoots(join(common, 'objects'));
  const folders = roots.map((root): PackFolder => {
    return { folder: join(root, 'pack'), packs: new Map(), seen: -1, listed: 0 };
  });
  const bases = createBaseCache();
  let closed = false;

  function find(oid: string): Place | undefined {
    if (closed) throw new GitError('closed', 'the repository was closed');
    return findPacked(oid) ?? findLoose(oid) ?? (refresh() ? findPacked(oid) : undefined);
  }

  function findPacked(oid: string): Place | undefined {
    for (const { packs } of folders) {
      for (const pack of packs.values()) {
        const offset = pack.find(oid);
        if (offset !== undefined) return { kind: 'packed', pack, offset };
      }
    }
    return undefined;
  }

  function findLoose(oid: string): Place | undefined {
    for (const root of roots) {
      const path = join(root, oid.slice(0, 2), oid.slice(2));
      if (!existsSync(path)) continue; // cheaper than to fail at opening it
      const found = withFile(path, (file, length) => {
        return { start: readAt(file, 0, Math.min(length, LOOSE_START)), length };
      });
      if (found !== undefined) return { kind: 'loose', path, ...found };
    }
    return undefined;
  }

  /** Lists the packs again where their folder has changed; whether there may be others now. */
  function refresh(): boolean {
    return folders.map(refreshFolder).includes(true);
  }

  return {
    read(oid, limit) {
      const place = find(oid);
      if (place === undefined) return undefined;
      const info = inspect(place, oid);
      const allowed = limit ?? (info.type === 'blob' ? limits.blobBytes : limits.objectBytes);
      if (info.size > allowed) throw tooLarge(oid, info, allowed);
      const content =
        place.kind === 'loose'
          ? readLoose(place, info, oid)
          : readPacked(place.pack, place.offset, oid);
      if (hashObject(info.type, content) !== oid) throw corrupt(oid, 'it has another id');
      return { oid, type: info.type, content };
    },
    info(oid) {
      const place = find(oid);
      return place && inspect(place, oid);
    },
    expand(prefix) {
      refresh();
      const loose = roots.flatMap((root) =>
        readdirOrNone(join(root, prefix.slice(0, 2)))
          .filter((name) => /^[0-9a-f]{38}$/.test(name) && name.startsWith(prefix.slice(2)))
          .map((name) => prefix.slice(0, 2) + name),
      );
      const packed = folders.flatMap(({ packs }) =>
        [...packs.values()].flatMap((pack) => pack.expand(prefix, 2)),
      );
      return [...new Set([...loose, ...packed])].slice(0, 2);
    },
    close() {
      closed = true;
      for (const { packs } of folders) for (const pack of packs.values()) pack.close();
    },
  };

  function inspect(place: Place, oid: string): ObjectInfo {
    return place.kind === 'loose'
      ? readLooseHead(place.start, oid)
      : inspectPacked(place.pack, place.offset, oid);
  }

  /** The kind is that of the object at the chain's end, the size what the first difference makes. */
  function inspectPacked(pack: PackFile, offset: number, oid: string): ObjectInfo {
    let size: number | undefined;
    let place: { pack: PackFile; offset: number } = { pack, offset };
    for (let depth = 0; depth < MAX_CHAIN; depth++) {
      const entry = place.pack.readEntry(place.offset);
      if (entry.kind === 'whole') return { type: entry.type, size: size ?? entry.size };
      if (size === undefined) {
        const head = readDeltaHead(place.pack.readHead(entry));
        if (head === undefined) throw corrupt(oid, 'a difference in it has no sizes');
        size = head.size;
      }
      const base = locateBase(place.pack, entry, oid);
      if (base.kind === 'loose') return { type: readLooseHead(base.start, oid).type, size };
      place = base;
    }
    throw corrupt(oid, 'its differences never end');
  }

  function readPacked(pack: PackFile, offset: number, oid: string): Buffer {
    const chain: { entry: PackEntry; key: string; pack: PackFile }[] = [];
    let place: Place = { kind: 'packed', pack, offset };
    let content: Buffer | undefined;
    while (content === undefined) {
      if (chain.length > MAX_CHAIN) throw corrupt(oid, 'its differences never end');
      if (place.kind === 'loose') {
        content = readLoose(place, checkBase(readLooseHead(place.start, oid), oid), oid);
        break;
      }
      const key = `${place.offset} ${place.pack.path}`;
      const known = bases.get(key);
      if (known !== undefined) {
        content = known;
        break;
      }
      const entry = place.pack.readEntry(place.offset);
      if (entry.kind === 'whole') {
        const { type, size } = entry;
        checkBase({ type, size }, oid);
        content = place.pack.readData(entry);
        if (chain.length > 0) bases.set(key, content);
        break;
      }
      chain.push({ entry, key, pack: place.pack });
      place = locateBase(place.pack, entry, oid);
    }
    for (let at = chain.length - 1; at >= 0; at--) {
      const step = chain[at];
      if (step === undefined) break;
      checkBase({ type: 'blob', size: step.entry.size }, oid);
      const delta = step.pack.readData(step.entry);
      const size = readDeltaHead(delta)?.size ?? 0;
      checkBase({ type: 'blob', size }, oid);
      const next = applyDelta(content, delta);
      if (next === undefined) throw corrupt(oid, 'a difference in it does not fit its base');
      content = next;
      if (at > 0) bases.set(step.key, content);
    }
    return content;
  }

  /** What an object is a difference from is read with it, and may be larger; not without bound. */
  function checkBase(info: ObjectInfo, oid: string): ObjectInfo {
    const allowed = Math.max(limits.blobBytes, limits.objectBytes);
    if (info.size > allowed) throw tooLarge(oid, info, allowed);
    return info;
  }

  function locateBase(pack: PackFile, entry: PackEntry, oid: string): Place {
    if (entry.kind === 'delta' && typeof entry.base === 'number') {
      return { kind: 'packed', pack, offset: entry.base };
    }
    const base = entry.kind === 'delta' ? find(String(entry.base)) : undefined;
    if (base === undefined)
      throw corrupt(oid, 'the object that it is a difference from is missing');
    return base;
  }
}

function refreshFolder(state: PackFolder): boolean {
  const changed = modified(state.folder);
  const settled = state.listed - state.seen > RACY_MS;
  if (changed === state.seen && (settled || changed === 0)) return false;
  state.listed = Date.now();
  state.seen = changed;
  const names = readdirOrNone(state.folder).filter((name) => name.endsWith('.idx'));
  if (names.length > MAX_PACKS) {
    throw new GitError('unsupported', `${state.folder} has ${names.length} packs`, {
      hint: 'run "git repack -ad" in the repository',
    });
  }
  const before = state.packs;
  state.packs = new Map();
  let more = false;
  for (const name of names.sort()) {
    const known = before.get(name);
    const pack = known ?? openPack(join(state.folder, name));
    if (pack === undefined) continue;
    if (known === undefined) more = true;
    state.packs.set(name, pack);
  }
  for (const [name, pack] of before) if (!state.packs.has(name)) pack.close();
  return more;
}

/** When a folder changed last, in milliseconds; 0 where there is none. */
function modified(folder: string): number {
  return statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** The object folders: a repository's own first, then those that it borrows from. */
function listRoots(objects: string): string[] {
  const roots = [objects];
  const walk = (folder: string, depth: number): void => {
    const text = depth < MAX_ALTERNATES ? readText(join(folder, 'info', 'alternates')) : undefined;
    for (const line of text?.split('\n') ?? []) {
      if (line.trim() === '' || line.startsWith('#')) continue;
      const root = resolve(folder, line);
      if (roots.includes(root) || roots.length > 64) continue;
      roots.push(root);
      walk(root, depth + 1);
    }
  };
  walk(objects, 0);
  return roots;
}

/** Loose objects are compressed as a whole: kind, size, NUL, content. */
function readLooseHead(bytes: Buffer, oid: string): ObjectInfo {
  const head = inflateHead(bytes.subarray(0, 256), () => corrupt(oid, 'it does not unpack'));
  const [, type, size] =
    /^(blob|tree|commit|tag) (\d{1,15})\0/.exec(head.toString('latin1', 0, 32)) ?? [];
  if (type === undefined) throw corrupt(oid, 'it does not say what it is');
  return { type: type as ObjectType, size: Number(size) };
}

function readLoose(
  { path, start, length }: Extract<Place, { kind: 'loose' }>,
  { type, size }: ObjectInfo,
  oid: string,
): Buffer {
  const head = `${type} ${size}`.length + 1;
  const damaged = (): GitError => corrupt(oid, 'it does not unpack');
  if (length > size + (size >>> 8) + LOOSE_START) throw damaged();
  const bytes = length <= start.length ? start : (readRegularFile(path, length) ?? start);
  return inflateBounded(bytes, head + size, damaged).subarray(head);
}

/** The bases of differences that were used last. */
function createBaseCache(): Pick<Map<string, Buffer>, 'get'> & {
  set(key: string, content: Buffer): void;
} {
  const kept = new Map<string, Buffer>();
  let bytes = 0;
  return {
    get(key) {
      const content = kept.get(key);
      if (content !== undefined) {
        kept.delete(key);
        kept.set(key, content);
      }
      return content;
    },
    set(key, content) {
      if (content.length > CACHE_BYTES / 4 || kept.has(key)) return;
      kept.set(key, content);
      bytes += content.length;
      for (const [oldest, old] of kept) {
        if (bytes <= CACHE_BYTES) break;
        kept.delete(oldest);
        bytes -= old.length;
      }
    },
  };
}

function tooLarge(oid: string, { type, size }: ObjectInfo, allowed: number): GitError {
  const limit = type === 'blob' ? 'blobBytes' : 'objectBytes';
  return beyondLimit(limit, `${type} ${oid} has ${size} bytes`, allowed, { oid, size });
}

function corrupt(oid: string, reason: string): GitError {
  return new GitError('corrupt', `object ${oid} cannot be read: ${reason}`, {
    data: { oid },
    hint: 'run "git fsck" in the repository',
  });
}
