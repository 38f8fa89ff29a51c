import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CatalogError } from './catalog-error.js';

/**
 * Writes a file so that a crash leaves the old one or the new one: a temporary file beside it, made for this write alone,
 * forced to the disk, takes its place.
 */
export async function writeFileAtomically(path: string, content: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(temporary, 'wx', 0o644);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw new CatalogError('unwritable', path, `cannot be written (${code})`, {
      cause: error,
      hint: 'check that the folder is there, yours, and has room; the old file is as it was',
    });
  }
}
