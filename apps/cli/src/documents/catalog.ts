import { z } from 'zod';

const change = z.object({
  rule: z.string().describe('contract: type.narrowed, required.added, …'),
  severity: z.enum(['breaking', 'warning', 'info', 'unknown']),
  path: z.string().describe('the JSON pointer of the place in the schema'),
  message: z.string(),
  witness: z.json().optional().describe('a value that the one side accepts and the other refuses'),
  keyword: z.string().optional().describe('what stands in the way of a decision'),
});

const verdict = z.enum(['compatible', 'breaking', 'unknown']);
const comparison = z.object({ verdict, changes: z.array(change) });

/** What `holdfast catalog schema-diff --json` prints. */
export const schemaDiffDocument = comparison;

const summary = z.object({
  breaking: z.int(),
  warnings: z.int(),
  info: z.int(),
  unknown: z.int(),
  added: z.int(),
  removed: z.int(),
  renamed: z.int(),
});

const tool = z.object({
  server: z.string().optional(),
  name: z.string(),
  change: z.enum(['added', 'removed', 'renamed', 'changed', 'same']),
  from: z.string().optional().describe('the name that it had'),
  input: comparison.optional(),
  output: comparison.optional(),
  annotations: z
    .array(
      z.object({
        rule: z.string(),
        severity: change.shape.severity,
        security: z.boolean(),
        before: z.json(),
        after: z.json(),
        message: z.string(),
      }),
    )
    .optional(),
  text: z
    .array(
      z.object({
        rule: z.string(),
        severity: change.shape.severity,
        before: z.string().nullable(),
        after: z.string().nullable(),
        message: z.string(),
      }),
    )
    .optional(),
  cause: z.object({ kind: z.string(), message: z.string() }).optional(),
});

/** What `holdfast catalog diff --json` prints; with `--transitive`, the comparisons with what is retained instead. */
export const diffDocument = z
  .object({
    summary: summary.describe('how many tools'),
    tools: z.array(tool).describe('by server and name, those that are the same too'),
    oldestBroken: z.string().describe('with --transitive'),
    comparisons: z.array(z.object({ id: z.string(), summary })).describe('with --transitive'),
  })
  .partial();
