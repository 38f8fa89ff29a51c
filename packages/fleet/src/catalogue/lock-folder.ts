import { createHash } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { stateDirectory } from '../directories.js';
import { FleetError } from '../fleet-error.js';
import type { FleetSurroundings } from '../surroundings.js';

/** How long another one at work is waited for, and how often it is asked. */
const PATIENCE_MS = 20_000;
const ASKED_EVERY_MS = 50;

/**
 * Takes a folder for this process until disposed; another one at work on it is waited for. The lock is the operating system's, held through
 * SQLite on a file of the state directory: it ends with the process, however that ends.
 *
 * @throws FleetError `busy` when another has it for longer
 */
export async function lockFolder(
  folder: string,
  { environment, signal }: Pick<FleetSurroundings, 'environment' | 'signal'>,
): Promise<Disposable> {
  const { DatabaseSync } = await import('node:sqlite');
  const locks = join(stateDirectory({ environment }), 'locks');
  await mkdir(locks, { recursive: true, mode: 0o700 });
  const real = await realpath(folder).catch(() => folder);
  const name = createHash('sha256').update(real).digest('hex').slice(0, 32);
  const database = new DatabaseSync(join(locks, `${name}.sqlite`));
  try {
    // SQLite's own waiting would hold up this process, which may be the one that has the lock.
    database.exec('PRAGMA busy_timeout = 0');
    for (let waited = 0; !tryBegin(database, waited); waited += ASKED_EVERY_MS)
      await setTimeout(ASKED_EVERY_MS, undefined, { signal });
  } catch (cause) {
    database.close();
    if ((cause as Error).name === 'AbortError') throw cause;
    throw new FleetError('busy', `another process is at work on ${folder}`, {
      cause,
      blame: 'environment',
      hint: 'wait until it is done, and run this again',
    });
  }
  return { [Symbol.dispose]: () => database.close() };
}

/** SQLITE_BUSY. */
const BUSY = 5;

function tryBegin(database: DatabaseSync, waited: number): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    const isBusy = ((error as { errcode?: number }).errcode ?? 0) % 256 === BUSY;
    if (isBusy && waited < PATIENCE_MS) return false;
    throw error;
  }
}
