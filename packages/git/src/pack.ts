import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import type { ObjectType } from './object-id.js';

/** An object to be packed. */
export interface PackableObject {
  readonly oid: string;
  readonly type: ObjectType;
  readonly content: Uint8Array;
}

/** One object's place in a pack, for the index. */
export interface PackedEntry {
  readonly oid: string;
  readonly offset: number;
  readonly checksum: number;
}

const TYPE_BITS: Record<ObjectType, number> = { commit: 1, tree: 2, blob: 3, tag: 4 };

/** Fewer new objects than this become loose files, as many or more one pack. */
export const PACK_LIMIT = 32;

/**
 * The pack of these objects, without deltas, piece by piece; see git's gitformat-pack. Returns what
 * its index needs: `indexPack` makes that.
 */
export function* packObjects(
  objects: readonly PackableObject[],
): Generator<Buffer, { entries: PackedEntry[]; checksum: Buffer }, undefined> {
  const hash = createHash('sha1');
  const entries: PackedEntry[] = [];
  const header: Buffer = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1');
  header.writeUInt32BE(objects.length, 8);
  hash.update(header);
  yield header;
  let offset = header.length;
  for (const object of objects) {
    const { piece, checksum } = packPiece(object);
    hash.update(piece);
    yield piece;
    entries.push({ oid: object.oid, offset, checksum });
    offset += piece.length;
  }
  const checksum = hash.digest();
  yield checksum;
  return { entries, checksum };
}

/** One object as it stands in a pack, and its checksum for the index. */
interface PackPiece {
  readonly piece: Buffer;
  readonly checksum: number;
}

/** One release goes to many repositories: the same bytes are packed once for as long as they are held. */
const packed = new WeakMap<Uint8Array, PackPiece>();

function packPiece({ type, content }: PackableObject): PackPiece {
  const known = type === 'blob' ? packed.get(content) : undefined;
  if (known !== undefined) return known;
  // The ids that trees and commits consist of do not get smaller by trying harder.
  const level = type === 'blob' ? 6 : 1;
  const piece = Buffer.concat([packHeader(type, content.length), deflateSync(content, { level })]);
  const made = { piece, checksum: crc32(piece) };
  if (type === 'blob') packed.set(content, made);
  return made;
}

/** The index of a pack, version 2, with offsets of up to 2 GiB. */
export function indexPack(entries: readonly PackedEntry[], packChecksum: Buffer): Buffer {
  const sorted = [...entries].sort((a, b) => (a.oid < b.oid ? -1 : 1));
  const firstBytes = sorted.map(({ oid }) => Number.parseInt(oid.slice(0, 2), 16));
  const upTo: number[] = Array<number>(256).fill(0);
  for (const byte of firstBytes) upTo[byte] = (upTo[byte] ?? 0) + 1;
  for (let byte = 1; byte < 256; byte++) upTo[byte] = (upTo[byte] ?? 0) + (upTo[byte - 1] ?? 0);
  const body = Buffer.concat([
    Buffer.from('\xfftOc\0\0\0\x02', 'latin1'),
    toUint32(upTo),
    Buffer.from(sorted.map(({ oid }) => oid).join(''), 'hex'),
    toUint32(sorted.map(({ checksum }) => checksum)),
    toUint32(sorted.map(({ offset }) => offset)),
    packChecksum,
  ]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}

/** The type and the size, four bits in the first byte and seven in each that follows. */
function packHeader(type: ObjectType, size: number): Buffer {
  const bytes = [];
  let first = (TYPE_BITS[type] << 4) | (size & 15);
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push(first | 0x80);
    first = rest & 0x7f;
  }
  return Buffer.from([...bytes, first]);
}

function toUint32(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32BE(value, index * 4));
  return bytes;
}
