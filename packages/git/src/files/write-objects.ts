import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { indexPack, PACK_LIMIT, packObjects, type PackableObject } from '../pack.js';
import { makeFolder } from './take-lock.js';
import { writeWhole } from './write-file.js';

/** In a copy that can be made anew, so many become one pack, which need not be safe on the disk. */
const DISPOSABLE_PACK_LIMIT = 4;

/**
 * Writes objects in order, as loose files if they are few, else as one pack, so that a kill leaves at
 * most objects that nothing names. A damaged loose object of the same id is replaced.
 */
export async function writeObjects(
  objects: readonly PackableObject[],
  common: string,
  { disposable = false }: { readonly disposable?: boolean } = {},
): Promise<void> {
  const limit = disposable ? DISPOSABLE_PACK_LIMIT : PACK_LIMIT;
  if (objects.length >= limit) return writePack(common, objects, !disposable);
  makeFolder(join(common, 'objects'), common);
  for (const object of objects) await writeLoose(common, object);
}

/** Git, too, has loose objects reach the disk in its own time. */
async function writeLoose(common: string, { oid, type, content }: PackableObject): Promise<void> {
  const head = Buffer.from(`${type} ${content.length}\0`);
  const file = join(common, 'objects', oid.slice(0, 2), oid.slice(2));
  const folder = dirname(file);
  const isFolder = lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isFolder) makeFolder(folder, common);
  const bytes = deflateSync(Buffer.concat([head, content]), { level: type === 'blob' ? 6 : 1 });
  await writeWhole(file, [bytes], { mode: 0o444, durable: false });
}

/** The pack appears before its index, which makes it count: a reader sees all of it or nothing. */
async function writePack(
  common: string,
  objects: readonly PackableObject[],
  durable: boolean,
): Promise<void> {
  const pieces: Buffer[] = [];
  const packing = packObjects(objects);
  let next = packing.next();
  for (; next.done !== true; next = packing.next()) pieces.push(next.value);
  const { entries, checksum } = next.value;
  const file = join(common, 'objects', 'pack', `pack-${checksum.toString('hex')}`);
  makeFolder(dirname(file), common);
  await writeWhole(`${file}.pack`, pieces, { mode: 0o444, durable });
  await writeWhole(`${file}.idx`, [indexPack(entries, checksum)], { mode: 0o444, durable });
}
