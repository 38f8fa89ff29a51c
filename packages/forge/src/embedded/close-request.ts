import { z } from 'zod';

import type { EmbeddedForgeOptions } from './embedded-forge-options.js';
import type { CloseOptions, CloseOutcome } from '../port/forge.js';
import { loadRequest, recordChange, refreshRecord } from './load-request.js';
import { toChangeRequest } from './observe-request.js';
import { parseArgument } from './parse-argument.js';
import { buildComment } from './post-comment.js';
import { wordSchema, type RequestRecord } from './request-record.js';
import { transact, type Decision, type Moment, type Reading } from './transact.js';

const closeOptionsSchema = z.object({
  comment: z.string().min(1).exactOptional(),
  reason: wordSchema.exactOptional(),
});

/** Closes an open request, with a comment in the same commit. The branch stays. */
export async function closeRequest(
  context: EmbeddedForgeOptions,
  id: string,
  input: CloseOptions,
): Promise<CloseOutcome> {
  const options = parseArgument('options', input, closeOptionsSchema);
  return transact(context, (reading, moment) =>
    decideClose(context, { id, ...options }, reading, moment),
  );
}

async function decideClose(
  { repository, actor }: EmbeddedForgeOptions,
  { id, comment, reason }: { id: string } & CloseOptions,
  { tree, branches }: Reading,
  { now }: Moment,
): Promise<Decision<CloseOutcome>> {
  const loaded = await loadRequest(repository, { tree, branches }, id);
  const { state } = loaded.current;
  if (state !== 'open') {
    const request = toChangeRequest(loaded.current, loaded.body, branches);
    return { kind: 'settled', result: { kind: 'not-open', state, request } };
  }
  const record: RequestRecord = {
    ...(await refreshRecord(repository, branches, loaded)),
    state: 'closed',
    closedBy: actor.name,
    ...(reason === undefined ? {} : { closeReason: reason }),
    updatedAt: now,
  };
  const said =
    comment === undefined
      ? []
      : [
          buildComment(tree, record.number, { author: actor.name, createdAt: now, body: comment })
            .change,
        ];
  return {
    kind: 'write',
    message: `Close request ${record.number}: ${record.title}`,
    changes: [recordChange(record), ...said],
    result: { kind: 'closed', request: toChangeRequest(record, loaded.body, branches) },
  };
}
