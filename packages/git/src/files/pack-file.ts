import { closeSync } from 'node:fs';
import { basename } from 'node:path';
import { GitError } from '../git-error.js';
import type { ObjectType } from '../object-id.js';
import { inflateBounded, inflateHead } from './inflate.js';
import { openRegularFile, readAt, readRegularFile } from './read-file.js';

/** An entry of a pack as it is stored: whole, or as a difference from another object. */
export type PackEntry =
  | {
      readonly kind: 'whole';
      readonly type: ObjectType;
      readonly size: number;
      readonly at: number;
    }
  | {
      readonly kind: 'delta';
      /** Of the instructions, not of what comes of them. */
      readonly size: number;
      readonly at: number;
      /** Another place in this pack, or an object's id. */
      readonly base: number | string;
    };

/** A pack with its index; see git's gitformat-pack. */
export interface PackFile {
  readonly path: string;
  /** The place of an object; undefined when the pack has it not. */
  find(oid: string): number | undefined;
  /** Ids that begin so, at most `limit`. */
  expand(prefix: string, limit: number): string[];
  readEntry(offset: number): PackEntry;
  /** The entry's bytes, which must be `entry.size`. */
  readData(entry: PackEntry): Buffer;
  /** The first bytes of an entry's data. */
  readHead(entry: PackEntry): Buffer;
  close(): void;
}

/** Indexes are held in memory; larger ones are left to the git program. */
const MAX_INDEX = 256 * 1024 * 1024;

const FANOUT = 8;
const IDS = FANOUT + 4 * 256;

const TYPES: Readonly<Record<number, ObjectType>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };
const OFFSET_DELTA = 6;
const NAMED_DELTA = 7;

/** A type and size take so many bytes at most, a base's place or name as many again. */
export const MAX_ENTRY_HEAD = 64;

/** The two sizes that a difference begins with have so many bytes at most. */
const DELTA_HEAD = 20;

/** Opens a pack by its index. Undefined when it went away meanwhile; fails where it cannot be read. */
export function openPack(indexPath: string): PackFile | undefined {
  const index = readRegularFile(indexPath, MAX_INDEX);
  if (index === undefined) return undefined;
  const count = checkIndex(index, indexPath);
  const path = indexPath.replace(/\.idx$/, '.pack');
  const file = openRegularFile(path);
  if (file === undefined) return undefined;
  const { descriptor, size } = file;
  let open = true;

  const oidAt = (at: number): string => index.toString('hex', IDS + 20 * at, IDS + 20 * at + 20);
  const offsetAt = (at: number): number => {
    const small = index.readUInt32BE(IDS + 24 * count + 4 * at);
    if (small < 0x80000000) return small;
    const large = IDS + 28 * count + 8 * (small - 0x80000000);
    if (large + 8 > index.length) throw damaged(indexPath, 'a place beyond its end');
    return Number(index.readBigUInt64BE(large));
  };
  /** The first of the ids that is not less, compared by bytes. */
  const lowerBound = (wanted: Buffer): number => {
    const first = wanted[0] ?? 0;
    let low = first === 0 ? 0 : index.readUInt32BE(FANOUT + 4 * (first - 1));
    let high = index.readUInt32BE(FANOUT + 4 * first);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = IDS + 20 * middle;
      if (index.compare(wanted, 0, wanted.length, at, at + 20) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const bytesAt = (at: number, length: number): Buffer => {
    if (!open) throw new GitError('closed', 'the repository was closed');
    if (at >= size) throw damaged(path, `an entry at ${at}, beyond its end`);
    return readAt(descriptor, at, Math.min(length, size - at));
  };

  return {
    path,
    find(oid) {
      const wanted = Buffer.from(oid, 'hex');
      const at = lowerBound(wanted);
      return at < count && oidAt(at) === oid ? offsetAt(at) : undefined;
    },
    expand(prefix, limit) {
      const found: string[] = [];
      const from = lowerBound(Buffer.from(prefix.padEnd(40, '0'), 'hex'));
      for (let at = from; at < count && found.length < limit; at++) {
        const oid = oidAt(at);
        if (!oid.startsWith(prefix)) break;
        found.push(oid);
      }
      return found;
    },
    readEntry: (offset) => parseEntry(bytesAt(offset, MAX_ENTRY_HEAD), offset, path),
    readData(entry) {
      const packed = bytesAt(entry.at, entry.size + (entry.size >>> 10) + 256);
      return inflateBounded(packed, entry.size, () => damaged(path, `data at ${entry.at}`));
    },
    readHead(entry) {
      const inflate = (length: number) =>
        inflateHead(bytesAt(entry.at, length), () => damaged(path, `data at ${entry.at}`));
      const head = inflate(128);
      // The code tables of deflate may be longer than that, so that nothing came out yet.
      return head.length < Math.min(entry.size, DELTA_HEAD) ? inflate(1024) : head;
    },
    close() {
      if (open) closeSync(descriptor);
      open = false;
    },
  };
}

/** Checks all that later reading relies on; returns how many objects there are. */
function checkIndex(index: Buffer, path: string): number {
  if (index.length < IDS + 40 || index.readUInt32BE(0) !== 0xff744f63) {
    throw new GitError('unsupported', `${basename(path)} is an index of the first version`, {
      hint: 'run "git repack -d" in the repository',
    });
  }
  if (index.readUInt32BE(4) !== 2) {
    throw new GitError('unsupported', `${basename(path)} is an index of an unknown version`);
  }
  let before = 0;
  for (let byte = 0; byte < 256; byte++) {
    const upTo = index.readUInt32BE(FANOUT + 4 * byte);
    if (upTo < before) throw damaged(path, 'counts that fall');
    before = upTo;
  }
  if (IDS + 28 * before + 40 > index.length) throw damaged(path, 'fewer entries than it says');
  return before;
}

/** The type in three bits, the size in four and then seven of each byte that follows. */
export function parseEntry(head: Buffer, offset: number, path: string): PackEntry {
  let at = 0;
  const next = (): number => {
    const byte = head[at++];
    if (byte === undefined) throw damaged(path, `an entry at ${offset}`);
    return byte;
  };
  let byte = next();
  const kind = (byte >> 4) & 7;
  let size = byte & 15;
  for (let scale = 16; byte & 0x80; scale *= 128) {
    byte = next();
    size += (byte & 0x7f) * scale;
    if (!Number.isSafeInteger(size)) throw damaged(path, `a size at ${offset}`);
  }
  const type = TYPES[kind];
  if (type !== undefined) return { kind: 'whole', type, size, at: offset + at };
  if (kind === NAMED_DELTA) {
    const base = head.toString('hex', at, at + 20);
    return { kind: 'delta', size, at: offset + at + 20, base };
  }
  if (kind !== OFFSET_DELTA) throw damaged(path, `an entry of no kind at ${offset}`);
  byte = next();
  let back = byte & 0x7f;
  while (byte & 0x80) {
    byte = next();
    back = (back + 1) * 128 + (byte & 0x7f);
  }
  if (back <= 0 || back > offset) throw damaged(path, `a base before its beginning, at ${offset}`);
  return { kind: 'delta', size, at: offset + at, base: offset - back };
}

function damaged(path: string, what: string): GitError {
  return new GitError('corrupt', `${basename(path)} is damaged: it has ${what}`, {
    data: { path },
    hint: 'run "git fsck" in the repository',
  });
}
