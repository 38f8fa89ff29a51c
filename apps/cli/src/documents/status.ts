import { statusWords } from '@holdfast/sync';
import { z } from 'zod';
import { customisedFile } from './drift.js';
import { errorDocument } from './error.js';

const row = z.object({
  target: z.string(),
  rule: z.string(),
  strategy: z.string().optional().describe('absent in a target, which does not know its rules'),
  frequency: z.string().optional(),
  source: z.string().optional().describe('in a target: what its manifest calls the source'),
  files: z.int().optional().describe('in a target: how many files its manifest lists'),
  customised: z.int().optional().describe("files that hold the target's own version"),
  customisedFiles: z.array(customisedFile).optional(),
  lastSync: z.string().optional(),
  days: z.int().optional().describe('whole days since the last sync'),
  version: z.string().optional(),
  status: z
    .enum([...statusWords, 'In sync'])
    .describe('In sync: in a target, where nothing newer is known of'),
  releasesBehind: z.int().optional(),
  drifted: z.int().optional(),
  driftedFiles: z.array(z.string()).optional(),
  unresolved: z.int().optional(),
  goneRules: z.array(z.string()).optional().describe('rules that are gone and have left files'),
  request: z
    .object({
      number: z.int(),
      url: z.string().optional(),
      openedAt: z.string(),
      checks: z.enum(['passed', 'failed', 'pending', 'none', 'unknown']),
    })
    .optional(),
  requestError: errorDocument
    .optional()
    .describe('why nothing is known of a request: its forge could not be asked'),
  paused: z.object({ reason: z.string().optional() }).optional(),
  thresholds: z
    .object({
      days: z.int(),
      onChangeDays: z.int(),
      releases: z.int(),
      failures: z.int(),
    })
    .optional()
    .describe('from where on the row is worth an alert'),
  failures: z.int().optional().describe('how many runs in a row failed on this machine'),
  hold: z
    .object({ release: z.string(), reason: z.string() })
    .optional()
    .describe('the release that was rolled back and is not delivered again'),
  error: errorDocument.optional(),
});

/** What `holdfast status --json` prints. */
export const statusDocument = z.object({
  rows: z.array(row),
  groups: z.record(z.string(), z.int()).optional().describe('how many rows, by --group-by'),
  written: z.string().optional().describe('the file that --write changed or left as it was'),
});
