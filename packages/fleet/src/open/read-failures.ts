import * as z from 'zod';
import type { FleetSurroundings } from '../surroundings.js';
import type { OpenFleet } from './open-fleet.js';
import { readJournal } from './read-journal.js';

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
  for (const line of await readJournal(fleet, surroundings)) {
    for (const { rule, target, error } of parseRun(line)) {
      const key = `${rule} ${target}`;
      if (error === undefined) failures.delete(key);
      else failures.set(key, (failures.get(key) ?? 0) + 1);
    }
  }
  return ({ rule, target }) => failures.get(`${rule} ${target}`) ?? 0;
}

function parseRun(line: string): z.output<typeof Run>['items'] {
  try {
    const { data } = Run.safeParse(JSON.parse(line));
    return data?.items ?? [];
  } catch {
    return [];
  }
}
