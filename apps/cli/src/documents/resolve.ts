import { z } from 'zod';
import { findingDocument } from './error.js';

const about = {
  path: z.string(),
  rule: z.string(),
  version: z.string().describe('the release that conflicted'),
  taken: z.enum(['ours', 'theirs', 'edited', 'given']),
};

const place = {
  target: z.string(),
  branch: z.string(),
  request: z.object({ number: z.int(), url: z.string().optional() }).optional(),
};

/** What `holdfast resolve --json` prints. */
export const resolveDocument = z.object({
  resolved: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('committed'), ...about, ...place, commit: z.string() }),
    z.object({ kind: z.literal('written'), ...about, files: z.array(z.string()) }),
    z.object({
      kind: z.literal('refused'),
      ...about,
      ...z.object(place).partial().shape,
      findings: z.array(findingDocument).describe('what checks of the decided content found'),
    }),
  ]),
});
