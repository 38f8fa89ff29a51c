import { z } from 'zod';

/** What `holdfast init --json` prints. */
export const initDocument = z.object({
  files: z.array(z.string()).describe('the files that were written'),
  answers: z
    .object({
      namespace: z.string(),
      branch: z.string(),
      releaseTags: z.string(),
      frequency: z.enum(['on_release', 'on_change']),
      source: z.string(),
      targets: z.array(z.object({ name: z.string(), location: z.string() })),
      targetPath: z.string(),
      links: z
        .string()
        .optional()
        .describe('how the documents write links, where a site generator says so'),
      undeliveredLinks: z.enum(['strip', 'permalink']),
    })
    .optional(),
  notes: z.array(z.string()).optional().describe('with --from: what could not be carried over'),
});
