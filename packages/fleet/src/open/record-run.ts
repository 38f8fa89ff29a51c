import { createHash } from 'node:crypto';
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ItemSummary, PlanItem, SyncedItem, SyncResult } from '@holdfast/sync';
import { stateDirectory } from '../directories.js';
import type { FleetSurroundings } from '../surroundings.js';
import type { OpenFleet } from './open-fleet.js';

/** Of an item as much as the journal says of it. */
interface RecordedItem extends Omit<SyncedItem, 'plan'> {
  readonly plan: PlanItem | ItemSummary;
}

/** What a run was and came to. */
export interface FinishedRun {
  readonly started: Date;
  readonly result:
    | { readonly kind: 'synced'; readonly items: readonly RecordedItem[] }
    | Extract<SyncResult, { kind: 'refused' }>;
}

/**
 * Appends a run to the journal of its source: one JSON line in the user's state directory. A journal
 * that cannot be written is a warning: the run itself is done.
 */
export async function recordRun(
  { sourceName, source, clock, logger }: OpenFleet,
  run: FinishedRun,
  { environment }: Pick<FleetSurroundings, 'environment'>,
): Promise<void> {
  const path = join(
    stateDirectory({ environment }),
    'runs',
    journalName(sourceName, source.location),
  );
  const record = { ...describeRun(run), finished: clock().toISOString() };
  try {
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  } catch (error) {
    logger?.warn({ path, err: error }, 'the run is done, but its record could not be written');
  }
}

/** Readable, and unique by hash. */
function journalName(name: string, location: string): string {
  const digest = createHash('sha256').update(`${name}\0${location}`).digest('hex').slice(0, 12);
  return `${name.replace(/[^A-Za-z0-9.]+/g, '-')}-${digest}.jsonl`;
}

function describeRun({ started, result }: FinishedRun): object {
  return {
    version: 1,
    started: started.toISOString(),
    outcome: result.kind,
    ...(result.kind === 'refused'
      ? { moved: result.moved }
      : { items: result.items.map(describeItem) }),
  };
}

function describeItem({ plan, applied, error }: RecordedItem): object {
  const { rule, target, kind } = plan;
  const failure = plan.kind === 'failed' ? plan.error : error;
  return {
    rule,
    target,
    planned: kind,
    ...(plan.kind === 'failed' ? {} : { version: plan.source.version, commit: plan.source.commit }),
    ...(applied ? { applied: applied.kind, request: applied.request?.number } : {}),
    ...(failure ? { error: failure } : {}),
  };
}
