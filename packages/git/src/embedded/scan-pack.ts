import { crc32 } from 'node:zlib';
import { GitError } from '../git-error.js';
import { applyDelta, readDeltaHead } from '../files/apply-delta.js';
import { inflateMeasured } from '../files/inflate.js';
import { MAX_ENTRY_HEAD, parseEntry, type PackEntry } from '../files/pack-file.js';
import { beyondLimit, type Limits } from '../limits.js';
import { hashObject, type ObjectType } from '../object-id.js';
import type { PackedEntry } from '../pack.js';

/** An entry of the pack, where it ends, and what it is once that is known. */
interface ScannedEntry {
  readonly entry: PackEntry;
  readonly offset: number;
  readonly end: number;
  readonly checksum: number;
  oid?: string;
  type?: ObjectType;
}

/** Contents that are kept while differences are worked out, in bytes. */
const CACHE_BYTES = 64 * 1024 * 1024;

/** All objects of an answer may unpack to so many times the answer's own limit. */
const MAX_EXPANSION = 8;

/**
 * Finds the objects of a received pack and their ids. Each is unpacked within its limit, and all
 * together within bounds, before anything is kept. Fails with `corrupt` or `too-large`.
 */
export function scanPack(pack: Buffer, limits: Limits): PackedEntry[] {
  const count = pack.readUInt32BE(8);
  if (count > limits.entries * 10) {
    throw beyondLimit('entries', `the remote sends ${count} objects`, limits.entries);
  }
  const entries: ScannedEntry[] = [];
  const contents = createCache();
  let unpacked = 0;
  for (let offset = 12; entries.length < count; offset = entries.at(-1)?.end ?? offset) {
    const entry = parseEntry(pack.subarray(offset, offset + MAX_ENTRY_HEAD), offset, PACK);
    checkSize(entry.kind === 'whole' ? entry.type : 'blob', entry.size, limits);
    unpacked += entry.size;
    checkSum(unpacked, limits);
    const { bytes, taken } = unpack(pack, entry);
    const end = entry.at + taken;
    const checksum = crc32(pack.subarray(offset, end));
    const scanned: ScannedEntry = { entry, offset, end, checksum };
    if (entry.kind === 'whole') {
      scanned.type = entry.type;
      scanned.oid = hashObject(entry.type, bytes);
      contents.set(offset, bytes);
    } else {
      const size = readDeltaHead(bytes)?.size ?? 0;
      checkSize('blob', size, limits);
      unpacked += size;
    }
    entries.push(scanned);
  }
  resolveAll(pack, entries, contents);
  return entries.map(({ oid = '', offset, checksum }) => ({ oid, offset, checksum }));
}

const PACK = 'the pack that the remote sent';

/** Differences in the order of the pack; those whose base comes later wait for the next round. */
function resolveAll(pack: Buffer, entries: readonly ScannedEntry[], contents: Cache): void {
  const byOffset = new Map(entries.map((scanned) => [scanned.offset, scanned]));
  const byOid = new Map(
    entries.flatMap((scanned) => (scanned.oid === undefined ? [] : [[scanned.oid, scanned]])),
  );
  let waiting = entries.filter(({ oid }) => oid === undefined);
  while (waiting.length > 0) {
    const left = waiting.filter((scanned) => {
      const base = findBase(scanned, byOffset, byOid);
      if (base?.type === undefined) return true;
      const content = build(pack, scanned, byOffset, byOid, contents);
      scanned.type = base.type;
      scanned.oid = hashObject(base.type, content);
      byOid.set(scanned.oid, scanned);
      return false;
    });
    if (left.length === waiting.length) throw damaged('a difference from what it does not hold');
    waiting = left;
  }
}

function findBase(
  { entry }: ScannedEntry,
  byOffset: ReadonlyMap<number, ScannedEntry>,
  byOid: ReadonlyMap<string, ScannedEntry>,
): ScannedEntry | undefined {
  if (entry.kind === 'whole') return undefined;
  return typeof entry.base === 'number' ? byOffset.get(entry.base) : byOid.get(entry.base);
}

/** Goes down to what is known, and up again; every base on the way has been seen to be sound. */
function build(
  pack: Buffer,
  scanned: ScannedEntry,
  byOffset: ReadonlyMap<number, ScannedEntry>,
  byOid: ReadonlyMap<string, ScannedEntry>,
  contents: Cache,
): Buffer {
  const chain: ScannedEntry[] = [];
  let current: ScannedEntry | undefined = scanned;
  let content = contents.get(current.offset);
  while (content === undefined && current !== undefined) {
    if (current.entry.kind === 'whole') content = unpack(pack, current.entry).bytes;
    else {
      chain.push(current);
      current = findBase(current, byOffset, byOid);
      content = current && contents.get(current.offset);
    }
  }
  for (const step of chain.reverse()) {
    if (content === undefined) break;
    content = applyDelta(content, unpack(pack, step.entry).bytes);
    if (content !== undefined) contents.set(step.offset, content);
  }
  if (content === undefined) throw damaged('a difference that does not fit its base');
  return content;
}

function unpack(pack: Buffer, { at, size }: PackEntry): { bytes: Buffer; taken: number } {
  const packed = pack.subarray(at, Math.min(pack.length - 20, at + size + (size >>> 8) + 1_024));
  return inflateMeasured(packed, size, () => damaged(`data that does not unpack, at ${at}`));
}

interface Cache {
  get(offset: number): Buffer | undefined;
  set(offset: number, content: Buffer): void;
}

/** Keeps what came last. */
function createCache(): Cache {
  const kept = new Map<number, Buffer>();
  let bytes = 0;
  return {
    get: (offset) => kept.get(offset),
    set(offset, content) {
      if (kept.has(offset) || content.length > CACHE_BYTES / 4) return;
      kept.set(offset, content);
      bytes += content.length;
      for (const [oldest, old] of kept) {
        if (bytes <= CACHE_BYTES) break;
        kept.delete(oldest);
        bytes -= old.length;
      }
    },
  };
}

function checkSize(type: ObjectType, size: number, limits: Limits): void {
  const limit = type === 'blob' ? 'blobBytes' : 'objectBytes';
  if (size > limits[limit]) {
    throw beyondLimit(limit, `the remote sends a ${type} of ${size} bytes`, limits[limit]);
  }
}

function checkSum(unpacked: number, limits: Limits): void {
  if (unpacked <= limits.answerBytes * MAX_EXPANSION) return;
  const what = `the remote sends objects that unpack to ${unpacked} bytes and more`;
  throw beyondLimit('answerBytes', what, limits.answerBytes);
}

function damaged(what: string): GitError {
  return new GitError('corrupt', `${PACK} has ${what}`, {
    data: { fault: 'remote' },
    hint: 'run "git fsck" in the remote repository',
  });
}
