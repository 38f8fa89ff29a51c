import { z } from 'zod';
import { findingDocument } from './error.js';

const outputState = z.enum(['current', 'stale', 'edited', 'missing', 'never-made']);

/** What `holdfast skills list --json` prints. */
export const skillsDocument = z.object({
  skills: z.array(
    z.object({
      skill: z.string(),
      directory: z.string(),
      description: z.string().optional(),
      output: z.string().nullable().describe('outputFile; null where SYNC.json cannot be read'),
      patterns: z.array(z.string()),
      lastRun: z.string().nullable().describe('ISO 8601, in UTC'),
      state: z.enum([...outputState.options, 'invalid']).describe('the worst of the outputs'),
      outputs: z.array(z.object({ file: z.string(), state: outputState })),
      findings: z.array(findingDocument),
    }),
  ),
  findings: z.array(findingDocument).describe('what is wrong beside the skills themselves'),
});

/** What `holdfast skills validate --json` prints. */
export const validatedDocument = z.object({
  valid: z.boolean(),
  skills: z.array(
    z.object({
      skill: z.string(),
      directory: z.string(),
      valid: z.boolean(),
      findings: z.array(findingDocument),
    }),
  ),
  findings: z.array(findingDocument),
});

/** What became of one skill. */
export const outcomeDocument = z.object({
  skill: z.string(),
  outcome: z.enum(['generated', 'current', 'stale', 'edited', 'refused', 'failed']),
  outputs: z
    .array(
      z.object({
        file: z.string(),
        change: z.enum(['created', 'updated', 'unchanged']).optional(),
        kept: z.string().optional().describe('where the file that stood there is kept'),
        diff: z.string().optional().describe('a unified difference'),
      }),
    )
    .optional(),
  writesPast: z
    .literal(true)
    .optional()
    .describe('the generator wrote to the output itself, past SYNC_OUTPUT_FILE'),
  foreign: z.literal(true).optional().describe('the file that was there was never generated'),
  findings: z.array(findingDocument).optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
  code: z.int().optional().describe('the exit code of the generator'),
  output: z.string().optional().describe('the last of what it printed'),
  hint: z.string().optional(),
});

/** What `holdfast skills generate --json` prints. */
export const generatedDocument = z.object({
  outcomes: z.array(outcomeDocument),
  findings: z.array(findingDocument),
});

const operation = z.object({
  op: z.enum(['set', 'delete']),
  key: z.string(),
  value: z.string().optional(),
  edits: z.array(z.object({ field: z.string(), before: z.string(), after: z.string() })).optional(),
});

/** What `holdfast skills absorb --json` prints. */
export const absorbedDocument = z.object({
  skill: z.string(),
  outcome: z.enum([
    'nothing',
    'planned',
    'absorbed',
    'conflicted',
    'unreadable',
    'refused',
    'failed',
  ]),
  operations: z.array(operation).optional(),
  conflicts: z.array(z.string()).optional().describe('keys that changed since the file was made'),
  problems: z.array(z.object({ file: z.string(), line: z.int(), message: z.string() })).optional(),
  findings: z.array(findingDocument).optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
  code: z.int().optional(),
  output: z.string().optional(),
  generated: outcomeDocument.optional(),
});

/** What `holdfast skills watch --json` prints when it ends. */
export const watchedDocument = z.object({
  runs: z.int().describe('how often it looked'),
  generated: z.int().describe('how many skills it rendered'),
});

/** What `holdfast skills shim --json` prints. */
export const shimDocument = z.object({
  file: z.string(),
  outcome: z.enum(['written', 'unchanged']),
});
