import { z } from 'zod';
import { errorDocument, failedItem } from './error.js';

/** What `holdfast why --json` prints. */
export const whyDocument = z.object({
  items: z.array(
    z.union([
      failedItem,
      z.looseObject({
        target: z.string(),
        path: z.string(),
        rule: z.string(),
        ruleFile: z.string().optional().describe('absent in a target, which does not know it'),
        source: z.looseObject({
          name: z.string(),
          path: z.string(),
          ref: z.string(),
          commit: z.string(),
        }),
        transforms: z.array(z.string()).optional(),
        override: z.string().optional(),
        state: z.string().describe('as-delivered, merged, drifted, conflicted, decided, missing'),
        oid: z.string().optional(),
        recorded: z.looseObject({ oid: z.string(), sha256: z.string() }),
      }),
    ]),
  ),
});

/** What `holdfast verify --json` prints. */
export const verifyDocument = z.object({
  items: z.array(
    z.union([
      failedItem,
      z.looseObject({
        kind: z.enum(['verified', 'differs', 'never-synced']),
        rule: z.string(),
        target: z.string(),
        disagreements: z.array(z.looseObject({})).optional(),
      }),
    ]),
  ),
});

/** What `holdfast targets list --json` prints. */
export const targetsListDocument = z.object({
  targets: z.array(z.looseObject({ target: z.string(), from: z.string() })),
});

/** What `holdfast targets forget --json` prints. */
export const targetsForgetDocument = z.object({
  target: z.string(),
  outcome: z.literal('forgotten'),
});

/** What `holdfast auth check --json` prints; no token is in it. */
export const authDocument = z.object({
  hosts: z.array(
    z.looseObject({
      host: z.string(),
      forge: z.string(),
      source: z.looseObject({ kind: z.string() }).describe('where the login comes from'),
      token: z.string().optional().describe('what kind of token it is'),
      repositories: z.array(z.looseObject({})),
      error: errorDocument.optional(),
      hint: z.string().optional(),
    }),
  ),
});
