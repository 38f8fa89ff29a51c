import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ItemSummary, PlanItem, SyncedItem, SyncResult } from '@holdfast/sync';
import type { FleetSurroundings } from '../surroundings.js';
import { journalPath } from './journal-path.js';
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
  fleet: OpenFleet,
  run: FinishedRun,
  { environment }: Pick<FleetSurroundings, 'environment'>,
): Promise<void> {
  const { clock, logger } = fleet;
  const path = journalPath(fleet, { environment });
  const record = { ...describeRun(run), finished: clock().toISOString() };
  try {
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  } catch (error) {
    logger?.warn({ path, err: error }, 'the run is done, but its record could not be written');
  }
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
