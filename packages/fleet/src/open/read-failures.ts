import { open } from 'node:fs/promises';
import * as z from 'zod';
import type { FleetSurroundings } from '../surroundings.js';
import { journalPath } from './journal-path.js';
import type { OpenFleet } from './open-fleet.js';

/** Of a journal, the newest part that is read: thousands of runs. */
const READ_BYTES = 16 * 1024 * 1024;

const Run = z.object({
  items: z
    .array(z.object({ rule: z.string(), target: z.string(), error: z.unknown().optional() }))
    .default([]),
});

/**
 * Reads from the journal of this machine how many runs in a row failed, up to the last one, for a rule
 * and a target. Lines that cannot be read, as a crash leaves them, are passed by.
 */
export async function readFailures(
  fleet: Pick<OpenFleet, 'sourceName' | 'source'>,
  surroundings: Pick<FleetSurroundings, 'environment'>,
): Promise<(item: { readonly rule: string; readonly target: string }) => number> {
  const failures = new Map<string, number>();
  for (const line of await readLines(journalPath(fleet, surroundings))) {
    for (const { rule, target, error } of parseRun(line)) {
      const key = `${rule} ${target}`;
      if (error === undefined) failures.delete(key);
      else failures.set(key, (failures.get(key) ?? 0) + 1);
    }
  }
  return ({ rule, target }) => failures.get(`${rule} ${target}`) ?? 0;
}

async function readLines(path: string): Promise<string[]> {
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

function parseRun(line: string): z.output<typeof Run>['items'] {
  try {
    const { data } = Run.safeParse(JSON.parse(line));
    return data?.items ?? [];
  } catch {
    return [];
  }
}
