import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { Errors, expandOid, readObject } from 'isomorphic-git';
import type { GitObject } from '../engine.js';
import { GitError } from '../git-error.js';
import type { ObjectType } from '../object-id.js';

const compress = promisify(deflate);

/** Files that are written at the same time. */
const CONCURRENCY = 32;

/** Reads objects with isomorphic-git, and writes them as git does: whole or not at all. */
export interface ObjectStore {
  read(oid: string, limit?: number): Promise<GitObject | undefined>;
  expand(prefix: string): Promise<string[]>;
  /** One loose object for each. A damaged object of the same id is replaced. */
  write(objects: readonly { oid: string; type: ObjectType; content: Uint8Array }[]): Promise<void>;
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
      for (let at = 0; at < objects.length; at += CONCURRENCY) {
        const some = objects.slice(at, at + CONCURRENCY);
        await Promise.all(some.map((object) => writeLoose(directory, object)));
      }
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

/** The temporary name is one that `git prune` clears away should this process be killed. */
async function writeLoose(
  directory: string,
  { oid, type, content }: { oid: string; type: ObjectType; content: Uint8Array },
): Promise<void> {
  const folder = join(directory, 'objects', oid.slice(0, 2));
  const temporary = join(folder, `tmp_obj_${randomBytes(8).toString('hex')}`);
  const bytes = await compress(
    Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]),
  );
  await mkdir(folder, { recursive: true });
  try {
    await writeFile(temporary, bytes, { mode: 0o444, flag: 'wx' });
    await rename(temporary, join(folder, oid.slice(2)));
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
