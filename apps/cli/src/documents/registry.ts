import { z } from 'zod';

/** What `holdfast registry add --json` prints, beside what the first sync came to. */
export const registryAddDocument = z.looseObject({
  added: z.object({
    target: z.string(),
    rule: z.string(),
    url: z.string(),
    branch: z.string(),
    file: z.string().describe('the file of the rule'),
    isNew: z.boolean().describe('the rule is new: copy, and manual'),
  }),
});

/** What `holdfast registry remove --json` prints. */
export const registryRemoveDocument = z.object({
  targets: z.array(z.string()),
  rules: z.array(z.object({ id: z.string(), file: z.string() })).describe('where they are now'),
  changed: z.array(z.string()).describe('rules that go to one target less'),
});

/** What `holdfast registry pause --json` prints. */
export const registryPauseDocument = z.object({
  target: z.string(),
  rules: z.array(z.string()).optional(),
  reason: z.string().optional(),
});
