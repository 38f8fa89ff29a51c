import { z } from 'zod';
import { findingDocument } from './error.js';

/** What `holdfast validate --json` and `holdfast hooks run --json` print. */
export const validateDocument = z.object({
  sync_validation: z.looseObject({
    rule_id: z.string(),
    run_at: z.string(),
    source_version: z.string(),
    checks: z.array(z.looseObject({})),
    overall: z.enum(['pass', 'fail', 'warn']),
  }),
  findings: z.array(findingDocument.loose()),
  blocked: z.boolean().describe('whether a change request must not be opened'),
  out: z.string().optional(),
});

/** What `holdfast hooks install --json` and `holdfast hooks remove --json` print. */
export const hookDocument = z.object({
  hook: z.string(),
  owner: z.string(),
  style: z.string(),
  kind: z.enum(['installed', 'updated', 'already-installed', 'removed', 'not-installed']),
  kept: z.string().optional().describe('the hook that was there, and now runs first'),
  restored: z.boolean().optional(),
});

const schemaState = z.looseObject({
  name: z.string(),
  state: z.enum(['current', 'stale', 'edited', 'missing', 'obsolete']),
});

/** What `holdfast schemas check --json` prints. */
export const schemasCheckDocument = z.object({ out: z.string(), schemas: z.array(schemaState) });

/** What `holdfast schemas extract --json` prints. */
export const schemasExtractDocument = z.object({
  out: z.string(),
  schemas: z.array(z.looseObject({ name: z.string() })),
  findings: z.array(findingDocument.loose()),
});

/** What `holdfast init catalogue --json` prints. */
export const initCatalogueDocument = z.object({
  catalogue: z.string(),
  files: z.array(z.string()),
});

/** What `holdfast mcp install --json` prints. */
export const mcpInstallDocument = z.looseObject({
  outcome: z.string(),
  client: z.string(),
  file: z.string(),
});
