import { join } from 'node:path';
import type { RemoteOptions } from '../backend.js';
import { makeFolder } from '../files/take-lock.js';
import { writeWhole } from '../files/write-file.js';
import { indexPack } from '../pack.js';
import { scanPack } from './scan-pack.js';

/** Puts a pack that was received into a mirror, once it has been seen to be sound. */
export async function storePack(
  pack: Buffer,
  { directory, limits }: Pick<RemoteOptions, 'directory' | 'limits'>,
): Promise<void> {
  const entries = scanPack(pack, limits);
  const checksum = pack.subarray(-20);
  const folder = join(directory, 'objects', 'pack');
  makeFolder(folder, directory);
  const file = join(folder, `pack-${checksum.toString('hex')}`);
  // It appears before its index, which makes git look at it: a reader sees all or nothing.
  await writeWhole(`${file}.pack`, [pack], { mode: 0o444, durable: false });
  await writeWhole(`${file}.idx`, [indexPack(entries, checksum)], { mode: 0o444, durable: false });
}
