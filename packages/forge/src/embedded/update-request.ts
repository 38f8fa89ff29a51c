import { z } from 'zod';

import type { EmbeddedForgeOptions } from './embedded-forge-options.js';
import type { RequestChange, UpdateOutcome } from '../port/forge.js';
import {
  bodyChange,
  loadRequest,
  recordChange,
  refreshRecord,
  type LoadedRequest,
} from './load-request.js';
import { toChangeRequest } from './observe-request.js';
import { headMoved } from './branch-errors.js';
import { parseArgument, parseBodyArgument } from './parse-argument.js';
import type { ForgeRepository } from './repository-port.js';
import {
  oidSchema,
  serializeRecord,
  titleSchema,
  wordsSchema,
  type RequestRecord,
} from './request-record.js';
import { transact, type Decision, type Moment, type Reading } from './transact.js';

const changeSchema = z.object({
  title: titleSchema.exactOptional(),
  body: z.string().exactOptional(),
  labels: wordsSchema.exactOptional(),
  reviewers: wordsSchema.exactOptional(),
  headCommit: oidSchema.exactOptional(),
  assignees: wordsSchema.exactOptional(),
  draft: z.boolean().exactOptional(),
  autoMerge: z.boolean().exactOptional(),
  mergeMethod: z.enum(['merge', 'squash']).exactOptional(),
});

/** Changes a request in place; writes nothing when everything is so already. */
export async function updateRequest(
  context: EmbeddedForgeOptions,
  id: string,
  input: RequestChange,
): Promise<UpdateOutcome> {
  const change = parseArgument('change', input, changeSchema);
  return transact(context, (reading, moment) =>
    decideUpdate(context.repository, { id, change }, reading, moment),
  );
}

async function decideUpdate(
  repository: ForgeRepository,
  { id, change }: { id: string; change: z.infer<typeof changeSchema> },
  { tree, branches }: Reading,
  { now }: Moment,
): Promise<Decision<UpdateOutcome>> {
  const loaded = await loadRequest(repository, { tree, branches }, id);
  const { headCommit, body: newBody, draft, mergeMethod: _, ...others } = change;
  const fields = { ...others, ...(draft ? { draft } : {}) };
  if (headCommit !== undefined) requireTip(repository.location, loaded.current, headCommit);
  const body = newBody === undefined ? loaded.body : parseBodyArgument(newBody);
  const bodyChanges = body === loaded.body ? [] : [bodyChange(loaded.number, body)];
  const recorded = withDraft(headCommit === undefined ? loaded.stored : withHead(loaded), draft);
  if (bodyChanges.length === 0 && sameRecord({ ...recorded, ...fields }, loaded.stored)) {
    const request = toChangeRequest(loaded.current, body, branches);
    return { kind: 'settled', result: { changed: false, request } };
  }
  const record = {
    ...withDraft(await refreshRecord(repository, branches, loaded), draft),
    ...fields,
    updatedAt: now,
  };
  return {
    kind: 'write',
    message: `Update request ${record.number}: ${record.title}`,
    changes: [recordChange(record), ...bodyChanges],
    result: { changed: true, request: toChangeRequest(record, body, branches) },
  };
}

function requireTip(
  location: string,
  { head, headCommit, state }: RequestRecord,
  expected: string,
): void {
  if (state !== 'open' || headCommit === expected) return;
  throw headMoved(location, { branch: head, expected, actual: headCommit });
}

function withHead({ stored, current: { headCommit } }: LoadedRequest): RequestRecord {
  return { ...stored, headCommit };
}

/** A draft that is none any more loses the mark; the rest keeps what it has. */
function withDraft(record: RequestRecord, draft: boolean | undefined): RequestRecord {
  if (draft !== false) return record;
  const { draft: _, ...rest } = record;
  return rest;
}

function sameRecord(a: RequestRecord, b: RequestRecord): boolean {
  return Buffer.from(serializeRecord(a)).equals(serializeRecord(b));
}
