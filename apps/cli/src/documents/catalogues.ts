import { z } from 'zod';
import { errorDocument } from './error.js';

const modelChange = z.object({
  rule: z.string(),
  severity: z.enum(['breaking', 'warning', 'info', 'unknown']),
  name: z.string().describe('the entity or derivation'),
  field: z.string().optional(),
  path: z.string(),
  message: z.string(),
  sentence: z.string(),
  breaks: z.looseObject({}).describe('readers and consumers that break, each with a witness'),
  affected: z.array(z.string()).describe('derivations and entities that have to do with it'),
});

/** What changed in meaning. */
const semantic = z.object({
  verdict: z.enum(['compatible', 'breaking', 'unknown']),
  changes: z.array(modelChange),
});

const failed = z.object({
  name: z.string(),
  outcome: z.literal('failed'),
  error: errorDocument,
});

/** What `holdfast pull --json` prints. */
export const pullDocument = z.object({
  catalogues: z.array(
    z.discriminatedUnion('outcome', [
      z.object({
        name: z.string(),
        outcome: z.enum(['current', 'pulled', 'conflicted', 'would-change']),
        commit: z.string().describe('the commit of the source'),
        from: z.string().optional().describe('the commit that was pulled before'),
        total: z.int(),
        files: z.array(
          z.object({
            path: z.string(),
            outcome: z.string(),
            conflicts: z.array(z.object({ start: z.int(), end: z.int() })).optional(),
            reason: z.string().optional(),
          }),
        ),
        problems: z
          .array(z.string())
          .describe('what is wrong with the types of the source, or why their schemas are stale'),
        semantic: semantic.optional(),
        message: z.string().optional().describe('the commit message that is proposed'),
        committed: z.string().optional().describe('the commit that --commit made'),
      }),
      failed,
    ]),
  ),
});

const pushed = z.object({
  outcome: z.enum([
    'nothing',
    'planned',
    'refused',
    'invalid',
    'blocked',
    'opened',
    'updated',
    'unchanged',
    'foreign-commits',
  ]),
  branch: z.string(),
  base: z.string(),
  title: z.string(),
  files: z.array(
    z.object({
      path: z.string(),
      source: z.string(),
      outcome: z.string(),
      reason: z.string().optional(),
    }),
  ),
  semantic: semantic,
  problems: z.array(z.string()).describe('what validation found'),
  commit: z.string().optional(),
  request: z.object({ number: z.int(), url: z.string().optional() }).optional(),
});

/** What `holdfast push --json` prints: of a catalogue, or of each target of a rule. */
export const pushDocument = pushed.partial().extend({
  name: z.string().describe('the catalogue or the rule'),
  targets: z
    .array(
      z.union([
        pushed.extend({ target: z.string() }),
        z.object({ target: z.string(), outcome: z.literal('never-synced') }),
        z.object({ target: z.string(), outcome: z.literal('failed'), error: errorDocument }),
      ]),
    )
    .optional()
    .describe('of a rule, in place of the other keys'),
});

/** What `holdfast semantic-diff --json` prints. */
export const semanticDiffDocument = z.object({
  name: z.string(),
  from: z.string(),
  to: z.string(),
  ...semantic.shape,
});

const difference = z.object({
  path: z.string(),
  state: z.enum(['modified', 'missing', 'unknown', 'added', 'removed']),
});

/** What `holdfast drift --json` prints of each catalogue. */
export const catalogueDrift = z.discriminatedUnion('kind', [
  z.object({ name: z.string(), kind: z.literal('never-pulled') }),
  z.object({
    name: z.string(),
    kind: z.literal('in-sync'),
    commit: z.string(),
    files: z.int(),
  }),
  z.object({
    name: z.string(),
    kind: z.literal('drifted'),
    commit: z.string(),
    remote: z.string(),
    files: z.int(),
    local: z.array(difference),
    upstream: z.array(difference),
  }),
  z.object({ name: z.string(), kind: z.literal('failed'), error: errorDocument }),
]);
