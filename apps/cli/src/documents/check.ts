import { z } from 'zod';
import { errorDocument } from './error.js';

const alert = z.object({
  type: z.enum(['failure', 'staleness', 'drift']),
  rule_id: z.string(),
  target_repo: z.string(),
  detected_at: z.string(),
  details: z.string(),
  action_required: z.string(),
  id: z.string().describe('the same for the same trouble, however often it is looked at'),
  channel: z.array(z.enum(['orchestrator', 'owner'])).describe('whom it is for'),
  files: z.array(z.string()).optional().describe('of drift: the files'),
});

const outcome = z.object({
  id: z.string(),
  kind: z.enum(['opened', 'edited', 'unchanged', 'closed']),
  issue: z.object({ number: z.int(), url: z.string().optional() }).optional(),
});

/** What `holdfast check --json` prints. */
export const checkDocument = z.object({
  alerts: z.array(alert),
  issues: z
    .array(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('told'), target: z.string(), alerts: z.array(outcome) }),
        z.object({ kind: z.literal('failed'), target: z.string(), error: errorDocument }),
      ]),
    )
    .optional()
    .describe('what became of the issues of each target, with --issues'),
  webhook: z
    .discriminatedUnion('kind', [
      z.object({
        kind: z.literal('posted'),
        told: z.array(z.string()).describe('ids of alerts that are new'),
        over: z.array(z.string()).describe('ids of those that are over'),
      }),
      z.object({ kind: z.literal('nothing-new') }),
      z.object({ kind: z.literal('failed'), error: errorDocument }),
    ])
    .optional()
    .describe('what became of the message, with --webhook'),
});
