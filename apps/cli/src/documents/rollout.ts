import { z } from 'zod';
import { errorDocument, failedItem } from './error.js';

const trouble = z.object({ kind: z.enum(['failed', 'conflict']), words: z.string() });

const rollout = z.object({
  release: z.string(),
  commit: z.string(),
  ref: z.string(),
  rules: z.array(z.string()),
  state: z.enum(['running', 'halted', 'done', 'aborted', 'superseded']),
  wave: z.int().describe('which wave is open, from 0'),
  waves: z.array(
    z.object({
      targets: z.array(z.string()),
      wait: z.string(),
      openedAt: z.string().optional(),
    }),
  ),
  troubles: z.record(z.string(), trouble),
  accepted: z.array(z.string()).describe('targets whose troubles someone accepted by resuming'),
  reasons: z.array(z.string()).describe('why it is halted or aborted'),
  startedAt: z.string(),
});

const item = z.object({
  rule: z.string(),
  target: z.string(),
  standing: z.enum(['current', 'open', 'merged', 'declined', 'waiting']),
  request: z.object({ id: z.string(), number: z.int(), url: z.string().optional() }).optional(),
  checks: z.enum(['passed', 'failed', 'pending', 'none']).optional(),
  late: z.boolean().optional(),
  undecided: z.array(z.string()).optional(),
});

/** A rollout, and what its open wave waits for. */
const step = rollout.extend({
  waiting: z.array(z.string()).describe('targets of waves to come'),
  waitsFor: z.array(z.string()),
  items: z.array(z.union([item, failedItem])).describe('the open wave'),
});

/** What `holdfast rollout status --json` prints. */
export const rolloutStatusDocument = z.object({ rollouts: z.array(step) });

/** What `holdfast rollout resume --json` prints. */
export const rolloutDocument = z.object({ rollout });

/** What `holdfast rollout abort --json` prints. */
export const rolloutAbortDocument = z.object({
  rollout,
  closed: z.array(
    z.object({
      rule: z.string(),
      target: z.string(),
      number: z.int(),
      url: z.string().optional(),
    }),
  ),
  failed: z.array(z.object({ target: z.string(), error: errorDocument })),
  offers: z.array(
    z.object({
      to: z.string(),
      rules: z.array(z.string()),
      targets: z.array(z.string()),
      command: z.string().describe('what brings them back'),
    }),
  ),
});
