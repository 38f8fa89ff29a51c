import { z } from 'zod';

import { headMoved, unrelatedHistories } from './branch-errors.js';
import type { EmbeddedForgeOptions } from './embedded-forge-options.js';
import { ForgeError } from '../port/forge-error.js';
import type { NewRequest, OpenOutcome } from '../port/forge.js';
import { bodyChange, findOpen, recordChange } from './load-request.js';
import { findMergeBase } from './merge-base.js';
import { toChangeRequest } from './observe-request.js';
import { parseArgument, parseBodyArgument } from './parse-argument.js';
import { requestLimit } from './request-limits.js';
import {
  branchSchema,
  oidSchema,
  recordVersion,
  titleSchema,
  wordsSchema,
  type RequestRecord,
} from './request-record.js';
import { requestsRef, type RequestTree } from './request-tree.js';
import { transact, type Decision, type Moment, type Reading } from './transact.js';

const newRequestSchema = z
  .object({
    title: titleSchema,
    body: z.string(),
    labels: wordsSchema.default([]),
    reviewers: wordsSchema.default([]),
    head: branchSchema,
    base: branchSchema,
    headCommit: oidSchema,
    assignees: wordsSchema.exactOptional(),
    draft: z.boolean().exactOptional(),
    autoMerge: z.boolean().default(false),
    mergeMethod: z.enum(['merge', 'squash']).exactOptional(),
  })
  .refine(({ head, base }) => head !== base, 'head and base must be two branches');

/** Opens a request, unless an open one has the same head and base. */
export async function openRequest(
  context: EmbeddedForgeOptions,
  input: NewRequest,
): Promise<OpenOutcome> {
  const request = parseArgument('request', input, newRequestSchema);
  return transact(context, (reading, moment) => decideOpen(context, request, reading, moment));
}

async function decideOpen(
  context: EmbeddedForgeOptions,
  { body: fullBody, mergeMethod: _, draft, ...request }: z.infer<typeof newRequestSchema>,
  reading: Reading,
  { now }: Moment,
): Promise<Decision<OpenOutcome>> {
  const { repository, actor } = context;
  const { branches, tree } = reading;
  requireHead(repository.location, request, branches.get(request.head));
  const existing = await findOpen(repository, reading, request);
  if (existing !== undefined) {
    const found = toChangeRequest(existing.current, existing.body, branches);
    return { kind: 'settled', result: { kind: 'existing', request: found } };
  }
  const mergeBase = await findMergeBase(repository, branches, request);
  requireChange(repository.location, request, mergeBase, branches.has(request.base));
  const record: RequestRecord = {
    version: recordVersion,
    number: nextNumber(repository.location, tree),
    state: 'open',
    ...request,
    ...(draft ? { draft } : {}),
    mergeBase,
    author: actor.name,
    createdAt: now,
    updatedAt: now,
  };
  const body = parseBodyArgument(fullBody);
  return {
    kind: 'write',
    message: `Open request ${record.number}: ${record.title}`,
    changes: [recordChange(record), bodyChange(record.number, body)],
    result: { kind: 'opened', request: toChangeRequest(record, body, branches) },
  };
}

function requireHead(
  location: string,
  { head, headCommit }: { head: string; headCommit: string },
  tip: string | undefined,
): void {
  if (tip === headCommit) return;
  if (tip === undefined) {
    throw new ForgeError('head-missing', `${location}: there is no branch ${head}`, {
      hint: 'Push the branch first, then open the request.',
      data: { branch: head, expected: headCommit },
    });
  }
  throw headMoved(location, { branch: head, expected: headCommit, actual: tip });
}

function requireChange(
  location: string,
  { head, base, headCommit }: { head: string; base: string; headCommit: string },
  mergeBase: string | null,
  baseExists: boolean,
): void {
  const data = { head, base, headCommit };
  if (mergeBase === headCommit) {
    throw new ForgeError(
      'nothing-to-merge',
      `${location}: branch ${base} has every commit of branch ${head} already`,
      { hint: 'Commit something on the head branch first.', data },
    );
  }
  if (baseExists && mergeBase === null) throw unrelatedHistories(location, data);
}

function nextNumber(location: string, { numbers }: RequestTree): number {
  const number = (numbers.at(-1) ?? 0) + 1;
  if (number <= requestLimit) return number;
  throw new ForgeError(
    'too-large',
    `${location}: ${requestsRef} holds request ${requestLimit}, the highest number there is`,
    { data: { ref: requestsRef, limit: requestLimit } },
  );
}
