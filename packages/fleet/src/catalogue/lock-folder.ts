import { createHash } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { stateDirectory } from '../directories.js';
import { FleetError } from '../fleet-error.js';
import type { FleetSurroundings } from '../surroundings.js';

/**
 * Takes a folder for this process until disposed. The lock is the operating system's, held through
 * SQLite on a file of the state directory: it ends with the process, however that ends.
 *
 * @throws FleetError `busy` when another process has it
 */
export async function lockFolder(
  folder: string,
  { environment }: Pick<FleetSurroundings, 'environment'>,
): Promise<Disposable> {
  const { DatabaseSync } = await import('node:sqlite');
  const locks = join(stateDirectory({ environment }), 'locks');
  await mkdir(locks, { recursive: true, mode: 0o700 });
  const real = await realpath(folder).catch(() => folder);
  const name = createHash('sha256').update(real).digest('hex').slice(0, 32);
  const database = new DatabaseSync(join(locks, `${name}.sqlite`));
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new FleetError('busy', `another process is at work on ${folder}`, {
      cause,
      hint: 'wait until it is done, and run this again',
    });
  }
  return { [Symbol.dispose]: () => database.close() };
}
