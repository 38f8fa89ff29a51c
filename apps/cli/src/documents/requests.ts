import { z } from 'zod';
import { errorDocument } from './error.js';

const listedRequest = z.looseObject({
  id: z.string(),
  number: z.int(),
  url: z.string().optional(),
  state: z.enum(['open', 'merged', 'closed']),
  title: z.string(),
  labels: z.array(z.string()),
  head: z.string().describe('the branch that bears the change'),
  base: z.string().describe('the branch that shall receive it'),
  headCommit: z.string(),
  conflicts: z.array(z.string()).optional().describe('delivered files with conflict markers'),
});

/** What `holdfast requests list --json` prints. */
export const requestsListDocument = z.object({
  targets: z.array(
    z.object({
      target: z.string(),
      requests: z.array(listedRequest),
      error: errorDocument.optional(),
    }),
  ),
});

const side = z.looseObject({ oid: z.string(), mode: z.string() });

/** What `holdfast requests show --json` prints. */
export const requestsShowDocument = z.object({
  target: z.string(),
  request: listedRequest.extend({ body: z.string(), comments: z.array(z.looseObject({})) }),
  files: z.array(
    z.looseObject({
      path: z.string(),
      kind: z.enum(['added', 'modified', 'removed']),
      old: side.optional(),
      new: side.optional(),
    }),
  ),
});

/** What `holdfast requests merge --json` prints; with `--all`, `results` alone. */
export const requestsMergeDocument = z.object({
  target: z.string().optional(),
  outcome: z.enum(['merged', 'conflicted']).optional(),
  number: z.int().optional(),
  paths: z.array(z.string()).optional().describe('what is in conflict'),
  commit: z.string().optional(),
  conflicts: z.array(z.string()).optional().describe('files of the base with markers left'),
  request: listedRequest.optional(),
  results: z
    .array(
      z.looseObject({
        target: z.string(),
        outcome: z.enum(['merged', 'left', 'failed']),
        number: z.int().optional(),
        title: z.string().optional(),
        reason: z.string().optional(),
        error: errorDocument.optional(),
      }),
    )
    .optional(),
});

/** What `holdfast requests close --json` prints. */
export const requestsCloseDocument = z.object({
  target: z.string(),
  outcome: z.literal('closed'),
  request: listedRequest,
});

/** What `holdfast requests reopen --json` prints. */
export const requestsReopenDocument = z.object({
  target: z.string(),
  outcome: z.literal('reopened'),
  request: listedRequest,
});

/** What `holdfast requests comment --json` prints. */
export const requestsCommentDocument = z.object({
  target: z.string(),
  number: z.int(),
  outcome: z.enum(['posted', 'edited', 'existing']),
  comment: z.looseObject({ id: z.string(), author: z.string(), body: z.string() }),
});
