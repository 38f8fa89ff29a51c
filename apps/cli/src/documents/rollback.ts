import { z } from 'zod';
import { failedItem } from './error.js';

const file = z.object({
  path: z.string(),
  kind: z.enum(['restored', 'removed', 'merged', 'conflicted', 'kept']),
  conflict: z.looseObject({ kind: z.string() }).optional(),
});

/** What `holdfast rollback --json` prints. */
export const rollbackDocument = z.object({
  items: z.array(
    z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('rolled-back'),
        rule: z.string(),
        target: z.string(),
        from: z.string(),
        to: z.string(),
        reverted: z.array(z.string()).describe('the commits that are taken back, newest first'),
        branch: z.string(),
        files: z.array(file),
        validation: z.looseObject({}),
        applied: z.looseObject({ outcome: z.string() }).optional(),
        issue: z.object({ number: z.int(), url: z.string().optional() }).optional(),
        notes: z.array(z.string()),
      }),
      z.object({
        kind: z.literal('already-there'),
        rule: z.string(),
        target: z.string(),
        to: z.string(),
      }),
      failedItem,
    ]),
  ),
});
