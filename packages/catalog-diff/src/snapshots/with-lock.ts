import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CatalogError } from './catalog-error.js';

export interface LockOptions {
  /** How long to wait for another writer, in milliseconds. Default 10,000. */
  readonly waitMs?: number;
  /** How old a lock is that its owner must have left, in milliseconds. Default 60,000; writes take far less. */
  readonly staleMs?: number;
}

/**
 * Runs `write` while nobody else writes to the folder. A lock that its owner left behind is taken away.
 *
 * @throws {CatalogError} `locked` when another writer does not end.
 */
export async function withLock<T>(
  directory: string,
  write: () => Promise<T>,
  { waitMs = 10_000, staleMs = 60_000 }: LockOptions = {},
): Promise<T> {
  const path = join(directory, '.catalog.lock');
  const token = randomBytes(12).toString('hex');
  await mkdir(directory, { recursive: true }).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    throw new CatalogError('unwritable', directory, `cannot be made (${code})`, { cause: error });
  });
  for (let waited = 0; !(await take(path, token)); waited += 25) {
    await clearStale(path, staleMs);
    if (waited >= waitMs)
      throw new CatalogError('locked', path, 'another writer holds the lock', {
        hint: 'wait for it to end; delete the file if nothing is running',
      });
    await sleep(25);
  }
  try {
    return await write();
  } finally {
    if ((await readFile(path, 'utf8').catch(() => '')) === token) await rm(path, { force: true });
  }
}

async function take(path: string, token: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx');
    await handle.writeFile(token);
    await handle.close();
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    throw new CatalogError('unwritable', path, `cannot be written (${code})`, { cause: error });
  }
}

/** Moves an old lock out of the way; of several that try, one succeeds. */
async function clearStale(path: string, staleMs: number): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || Date.now() - found.mtimeMs < staleMs) return;
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  await rename(path, aside).catch(() => undefined);
  await rm(aside, { force: true });
}
