import { z } from 'zod';

/** What `holdfast override --json` prints. */
export const overrideDocument = z.object({
  path: z.string(),
  rule: z.string(),
  override: z.string().describe('where the override is, or would be'),
  outcome: z
    .enum(['made', 'there', 'told'])
    .describe(
      'made: a copy lies there now; there: one lay there already; told: nothing is written',
    ),
});
