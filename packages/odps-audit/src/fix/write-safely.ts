import { randomBytes } from 'node:crypto';
import { link, lstat, mkdir, open, rename, rm, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file that cannot be written as planned: it is there, it changed, or its folder leads elsewhere. */
export class WriteRefusedError extends Error {
  override readonly name = 'WriteRefusedError';
}

/** Makes the folders of a path below a root; none of those that are there may be a link. */
export async function makeFolders(root: string, path: string): Promise<void> {
  const parts = dirname(path)
    .split('/')
    .filter((part) => part !== '.' && part !== '');
  let folder = root;
  for (const part of parts) {
    folder = `${folder}/${part}`;
    if (part === '..') continue;
    try {
      await mkdir(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (!(await lstat(folder)).isDirectory())
        throw new WriteRefusedError(`${folder} is no folder`);
    }
  }
}

/** Writes a file that must not be there yet: all of it, or nothing. */
export async function createFile(path: string, content: string): Promise<void> {
  await throughTemporary(path, content, 0o666, async (temporary) => {
    await moveWithoutOverwriting(temporary, path);
  });
}

/** Replaces the content of a file: all of it, or nothing. */
export async function replaceFile(path: string, content: string, mode: number): Promise<void> {
  await throughTemporary(path, content, mode, (temporary) => rename(temporary, path));
}

/** Moves a file where nothing is. */
export async function moveWithoutOverwriting(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new WriteRefusedError('there is a file of this name already');
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EXDEV')
      throw error;
    // A file system without hard links: the check and the move are two steps there.
    if (await exists(to)) throw new WriteRefusedError('there is a file of this name already');
    await rename(from, to);
    return;
  }
  await unlink(from);
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function throughTemporary(
  path: string,
  content: string,
  mode: number,
  finish: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await using file = await open(temporary, 'wx', mode);
    await file.writeFile(content);
    await file.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  try {
    await finish(temporary);
  } finally {
    await rm(temporary, { force: true });
  }
}
