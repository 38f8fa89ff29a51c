import { z } from 'zod';
import { outcomeDocument } from './skills.js';

const entry = z.object({
  key: z.string(),
  value: z.string(),
  updatedAt: z.string().describe('ISO 8601, in UTC where Holdfast wrote it'),
});

/** What `holdfast state list --json` and `state export --json` print. */
export const entriesDocument = z.object({ entries: z.array(entry).describe('by key') });

/** What `holdfast state get --json` prints; nothing of it where the key is not there. */
export const entryDocument = z.object({ key: z.string(), value: z.string() }).partial();

/** What `holdfast state set --json` prints. */
export const setDocument = z.object({
  key: z.string(),
  value: z.string(),
  outcomes: z.array(outcomeDocument).optional().describe('with --generate'),
});

/** What `holdfast state delete --json` prints. */
export const deletedDocument = z.object({ deleted: z.int().describe('how many rows are gone') });

/** What `holdfast state import --json` prints. */
export const importedDocument = z.object({
  imported: z.int().describe('how many rows were written'),
});
