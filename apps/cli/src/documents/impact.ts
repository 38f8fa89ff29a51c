import { z } from 'zod';
import { failedItem, findingDocument } from './error.js';

const side = z.object({
  name: z.string(),
  commit: z.string(),
});

const file = z.object({
  path: z.string(),
  kind: z.string().describe('what a sync of the merged source would do there'),
  source: z.string().optional(),
  drifted: z.boolean().optional(),
  conflict: z.looseObject({ kind: z.string() }).optional(),
});

const meaning = z.object({
  rule: z.string().describe('field.removed, type.narrowed, …'),
  severity: z.string(),
  path: z.string(),
  sentence: z.string(),
});

/** What `holdfast impact --json` prints. */
export const impactDocument = z.object({
  base: side,
  head: side,
  sourceConflicts: z
    .array(z.string())
    .describe('files of the source on which the two branches themselves conflict'),
  unaffected: z.array(z.object({ rule: z.string(), target: z.string() })),
  items: z.array(
    z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('affected'),
        rule: z.string(),
        target: z.string(),
        frequency: z.string(),
        files: z.array(file),
        conflicts: z.int().describe('how many of the files would be in conflict'),
        blocked: z.boolean().describe('checks would keep the request from being opened'),
        findings: z.array(findingDocument).describe('what checks say anew'),
        meaning: z.array(meaning).describe('what changes in meaning in models'),
      }),
      failedItem,
    ]),
  ),
  comment: z
    .object({
      kind: z.enum(['commented', 'no-request', 'no-forge']),
      request: z.object({ number: z.int(), url: z.string().optional() }).optional(),
    })
    .optional()
    .describe('what became of it, with --comment'),
});
