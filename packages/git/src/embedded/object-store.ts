import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { Errors, expandOid, readObject } from 'isomorphic-git';
import type { GitObject } from '../engine.js';
import { GitError } from '../git-error.js';
import type { ObjectType } from '../object-id.js';
import { indexPack, PACK_LIMIT, packObjects, type PackableObject } from '../pack.js';

const compress = promisify(deflate);

/** Reads objects with isomorphic-git, and writes them as git does: whole or not at all. */
export interface ObjectStore {
  read(oid: string, limit?: number): Promise<GitObject | undefined>;
  expand(prefix: string): Promise<string[]>;
  /** In order, as loose files or as one pack. A damaged loose object of the same id is replaced. */
  write(objects: readonly PackableObject[]): Promise<void>;
}

/** The objects in a common git directory. `cache` is isomorphic-git's: it holds packs and indexes. */
export function createObjectStore(directory: string, cache: object): ObjectStore {
  return {
    read: (oid, limit = Infinity) => read(directory, cache, oid, limit),
    async expand(prefix) {
      try {
        return [await expandOid({ fs, gitdir: directory, oid: prefix, cache })];
      } catch (error) {
        if (error instanceof Errors.AmbiguousError) return error.data.matches;
        if (error instanceof Errors.NotFoundError) return [];
        throw error;
      }
    },
    async write(objects) {
      if (objects.length >= PACK_LIMIT) return writePack(directory, objects);
      for (const object of objects) await writeLoose(directory, object);
    },
  };
}

async function read(
  gitdir: string,
  cache: object,
  oid: string,
  limit: number,
): Promise<GitObject | undefined> {
  try {
    const { object, type } = await readObject({ fs, gitdir, oid, cache, format: 'content' });
    const content = Buffer.from(object as Uint8Array);
    if (content.length > limit) throw tooLarge(oid, content.length, limit);
    return { oid, type: type as ObjectType, content };
  } catch (cause) {
    if (cause instanceof GitError) throw cause;
    if (cause instanceof Errors.NotFoundError) return undefined;
    throw new GitError('corrupt', `object ${oid} cannot be read: ${(cause as Error).message}`, {
      cause,
      data: { oid },
      hint: 'run "git fsck" in the repository',
    });
  }
}

async function writeLoose(
  directory: string,
  { oid, type, content }: PackableObject,
): Promise<void> {
  const bytes = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
  const file = join(directory, 'objects', oid.slice(0, 2), oid.slice(2));
  await mkdir(dirname(file), { recursive: true });
  await writeWhole(file, await compress(bytes));
}

/** The pack appears before its index, which makes it count: a reader sees all of it or nothing. */
async function writePack(directory: string, objects: readonly PackableObject[]): Promise<void> {
  const pieces: Buffer[] = [];
  const packing = packObjects(objects);
  let next = packing.next();
  for (; next.done !== true; next = packing.next()) pieces.push(next.value);
  const { entries, checksum } = next.value;
  const file = join(directory, 'objects', 'pack', `pack-${checksum.toString('hex')}`);
  await mkdir(dirname(file), { recursive: true });
  await writeWhole(`${file}.pack`, Buffer.concat(pieces));
  await writeWhole(`${file}.idx`, indexPack(entries, checksum));
}

/** The temporary name is one that `git prune` clears away should this process be killed. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(file), `tmp_obj_${randomBytes(8).toString('hex')}`);
  try {
    await writeFile(temporary, bytes, { mode: 0o444, flag: 'wx' });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function tooLarge(oid: string, size: number, limit: number): GitError {
  return new GitError('too-large', `object ${oid} has ${size} bytes; the limit is ${limit}`, {
    data: { oid, size, limit },
  });
}
