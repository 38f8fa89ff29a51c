import type { EmbeddedForgeOptions } from './embedded-forge-options.js';
import type { ReopenOutcome } from '../port/forge.js';
import { findOpen, loadRequest, recordChange, refreshRecord } from './load-request.js';
import { observeRecord, toChangeRequest } from './observe-request.js';
import type { RequestRecord } from './request-record.js';
import { transact, type Decision, type Moment, type Reading } from './transact.js';

/** Opens a closed request again, if its branch is there and no other request took its place. */
export function reopenRequest(context: EmbeddedForgeOptions, id: string): Promise<ReopenOutcome> {
  return transact(context, (reading, moment) => decideReopen(context, id, reading, moment));
}

async function decideReopen(
  { repository }: EmbeddedForgeOptions,
  id: string,
  reading: Reading,
  { now }: Moment,
): Promise<Decision<ReopenOutcome>> {
  const { branches } = reading;
  const loaded = await loadRequest(repository, reading, id);
  const { closedBy: _closedBy, closeReason: _closeReason, ...rest } = loaded.current;
  if (rest.state === 'open') return settled('already-open', loaded.current);
  if (rest.state === 'merged') return settled('merged', loaded.current);
  if (!branches.has(rest.head)) {
    return { kind: 'settled', result: { kind: 'head-gone', branch: rest.head } };
  }
  const other = await findOpen(repository, reading, rest);
  if (other !== undefined) {
    const request = toChangeRequest(other.current, other.body, branches);
    return { kind: 'settled', result: { kind: 'duplicate', request } };
  }
  const current = await observeRecord(repository, branches, { ...rest, state: 'open' });
  if (current.state === 'merged') return settled('merged', current);
  const refreshed = await refreshRecord(repository, branches, { ...loaded, current });
  const record: RequestRecord = { ...refreshed, updatedAt: now };
  return {
    kind: 'write',
    message: `Reopen request ${record.number}: ${record.title}`,
    changes: [recordChange(record)],
    result: { kind: 'reopened', request: toChangeRequest(record, loaded.body, branches) },
  };

  function settled(
    kind: 'already-open' | 'merged',
    record: RequestRecord,
  ): Decision<ReopenOutcome> {
    const request = toChangeRequest(record, loaded.body, branches);
    return { kind: 'settled', result: { kind, request } };
  }
}
