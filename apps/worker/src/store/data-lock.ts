import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { WorkerError } from '../worker-error.js';

/** Holds a data folder for this process alone. */
export interface DataLock {
  release(): void;
}

/**
 * Takes the data folder for this process: an embedded database bears one process at a time. The lock
 * is the operating system's, held on `lock.sqlite` through SQLite: it ends with the process, however
 * that ends, so that no stale lock is ever left.
 *
 * @throws WorkerError `data-in-use`
 */
export async function lockDataFolder(folder: string): Promise<DataLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(folder, 'lock.sqlite'));
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new WorkerError('data-in-use', `another worker uses the data folder ${folder}`, {
      cause,
      hint: 'name another folder with --data, or let several workers share a PostgreSQL by DATABASE_URL',
    });
  }
  return { release: () => database.close() };
}
