import { z } from 'zod';
import { errorDocument, failedItem, findingDocument } from './error.js';

/** What happens to one file of a target; unchanged files are only counted. */
const plannedFile = z.looseObject({
  path: z.string(),
  kind: z.string().describe('created, updated, merged, conflicted, unresolved, removed, …'),
  source: z.string().optional().describe('the source file that is delivered there'),
  drifted: z.boolean().optional().describe('it differed from its manifest, outside overrides'),
  override: z.string().optional(),
  note: z.string().optional(),
});

export const plannedItem = z.looseObject({
  kind: z.enum(['changed', 'current', 'blocked']),
  rule: z.string(),
  target: z.string(),
  source: z.looseObject({
    name: z.string(),
    ref: z.string(),
    commit: z.string(),
    version: z.string(),
  }),
  counts: z.record(z.string(), z.int()).describe('of all files, by what happens to them'),
  files: z.array(plannedFile),
  findings: z.array(findingDocument),
  request: z.looseObject({}).optional().describe('the change request that is opened'),
  validation: z.looseObject({}).optional(),
});

const items = z.array(z.union([plannedItem, failedItem]));

/** What `holdfast plan --json` prints. */
export const planDocument = z.object({
  saved: z.string().optional().describe('the file of --out'),
  items,
});

const applied = z.looseObject({
  outcome: z.string().describe('opened, updated, unchanged, merged, foreign-commits, worked-on, …'),
  commit: z.string().optional(),
  unresolved: z.array(z.string()).optional(),
  request: z.object({ number: z.int(), url: z.string().optional(), state: z.string() }).optional(),
});

/** What `holdfast sync --json` and `holdfast registry resume --json` print; with `--dry-run`, what `plan` does. */
export const syncDocument = z.object({
  outcome: z
    .enum(['synced', 'refused'])
    .optional()
    .describe('refused: something has moved since the plan was saved; absent with --dry-run'),
  moved: z.array(z.looseObject({})).optional().describe('what moved, where it is refused'),
  items: z
    .array(
      z.union([
        plannedItem.extend({ applied: applied.optional(), error: errorDocument.optional() }),
        failedItem,
      ]),
    )
    .optional(),
  rollouts: z.array(z.looseObject({})).optional().describe('where the rollouts stand'),
  saved: z.string().optional(),
});
