import { z } from 'zod';
import { catalogueDrift } from './catalogues.js';
import { failedItem } from './error.js';

export const customisedFile = z.object({
  path: z.string(),
  how: z.enum(['overridden', 'edited', 'deleted', 'protected']),
  override: z.string().optional(),
});

const synced = z.object({
  rule: z.string(),
  target: z.string(),
  commit: z.string().describe('the source commit that was delivered last'),
  ref: z.string().describe('the tag or branch that was delivered last'),
  files: z.int().describe('how many files the manifest lists'),
  unresolved: z.array(z.string()).describe('files with conflict markers of the last sync'),
  customised: z.array(customisedFile).describe("files that hold the target's own version"),
});

const driftedFile = z.object({
  path: z.string(),
  state: z.enum(['missing', 'modified', 'mode-changed', 'conflicted']),
  next: z
    .enum(['merged', 'overwritten', 'blocks', 'recreated', 'recreated-later', 'waits'])
    .optional()
    .describe('what becomes of it with the next sync; absent in a target, which knows no rules'),
});

/** What `holdfast drift --json` prints. */
export const driftDocument = z.object({
  catalogues: z.array(catalogueDrift).optional().describe('where the configuration has any'),
  items: z.array(
    z.discriminatedUnion('kind', [
      synced.extend({ kind: z.literal('in-sync') }),
      synced.extend({ kind: z.literal('drifted'), drifted: z.array(driftedFile) }),
      z.object({ kind: z.literal('never-synced'), rule: z.string(), target: z.string() }),
      failedItem,
    ]),
  ),
});
