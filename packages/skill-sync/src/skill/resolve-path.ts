import { lstat, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';

/** Whether a path is a folder itself, or in it. Both are absolute, with symlinks followed. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/**
 * Where a file is or would be made, with symlinks followed, those to files that are not there, too.
 *
 * @returns `undefined` when its folder is not there, or its links go in a circle.
 */
export async function resolveFile(file: string): Promise<string | undefined> {
  let path = resolve(file);
  for (let links = 0; links < 40; links++) {
    const parent = await realpath(dirname(path)).catch(absent);
    if (parent === undefined) return undefined;
    path = join(parent, basename(path));
    const stats = await lstat(path).catch(absent);
    if (!stats?.isSymbolicLink()) return path;
    path = resolve(parent, await readlink(path));
  }
  return undefined;
}

/** For `catch`: what is not there is no failure. */
export function absent(error: unknown): undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return undefined;
  throw error;
}
