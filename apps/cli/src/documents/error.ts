import { z } from 'zod';

const place = z.object({ line: z.int().min(1), column: z.int().min(1) });

/** A place in a text: 1-based lines and columns. */
export const rangeDocument = z.object({ start: place, end: place });

/** One result of a check. */
export const findingDocument = z.object({
  ruleId: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  message: z.string(),
  path: z.string(),
  range: rangeDocument.optional(),
  data: z.record(z.string(), z.unknown()).optional(),
});

/** An error; `blame` says whose problem it is, `hint` what to do next. */
export const errorDocument = z.object({
  code: z.string(),
  message: z.string(),
  blame: z.enum(['input', 'environment', 'repository', 'bug']),
  hint: z.string().optional(),
  path: z.string().optional(),
  range: rangeDocument.optional(),
  findings: z.array(findingDocument).optional(),
});

/** A rule of a target that could not be looked at; the others are not affected. */
export const failedItem = z.object({
  kind: z.literal('failed'),
  rule: z.string(),
  target: z.string(),
  error: errorDocument,
});
