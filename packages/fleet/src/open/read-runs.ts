import * as z from 'zod';
import type { FleetSurroundings } from '../surroundings.js';
import type { OpenFleet } from './open-fleet.js';
import { readJournal } from './read-journal.js';

/** One run of the journal of this machine. */
export interface JournalRun {
  /** ISO 8601 in UTC. */
  readonly started: string;
  readonly finished?: string;
  /** `synced`, or `refused` for a saved plan that no longer held. */
  readonly outcome: string;
  /** How many targets it was about, and in how many something failed. */
  readonly targets: number;
  readonly failed: number;
}

const Run = z.object({
  started: z.string(),
  finished: z.string().optional(),
  outcome: z.string(),
  items: z.array(z.object({ target: z.string(), error: z.unknown().optional() })).default([]),
});

/** The newest runs of a source in the journal of this machine, the newest first. */
export async function readRuns(
  fleet: Pick<OpenFleet, 'sourceName' | 'source'>,
  surroundings: Pick<FleetSurroundings, 'environment'>,
  { limit = 20 }: { readonly limit?: number } = {},
): Promise<JournalRun[]> {
  const runs: JournalRun[] = [];
  for (const line of (await readJournal(fleet, surroundings)).reverse()) {
    const run = parseRun(line);
    if (run) runs.push(run);
    if (runs.length === limit) break;
  }
  return runs;
}

function parseRun(line: string): JournalRun | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { data } = Run.safeParse(value);
  if (!data) return undefined;
  const { items, started, finished, outcome } = data;
  const failed = new Set(items.flatMap(({ target, error }) => (error === undefined ? [] : target)));
  return {
    started,
    ...(finished === undefined ? {} : { finished }),
    outcome,
    targets: new Set(items.map(({ target }) => target)).size,
    failed: failed.size,
  };
}
