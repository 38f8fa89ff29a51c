import { open } from 'node:fs/promises';
import type { FleetSurroundings } from '../surroundings.js';
import { journalPath } from './journal-path.js';
import type { OpenFleet } from './open-fleet.js';

/** Of a journal, the newest part that is read: thousands of runs. */
const READ_BYTES = 16 * 1024 * 1024;

/** The lines of the newest runs of a source in the journal of this machine, the oldest first. */
export async function readJournal(
  fleet: Pick<OpenFleet, 'sourceName' | 'source'>,
  surroundings: Pick<FleetSurroundings, 'environment'>,
): Promise<string[]> {
  const path = journalPath(fleet, surroundings);
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (!file) return [];
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - READ_BYTES);
    const buffer = Buffer.alloc(size - start);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    return start > 0 ? lines.slice(1) : lines;
  } finally {
    await file.close();
  }
}
