import { z } from 'zod';

/** What `holdfast report --json` prints. */
export const reportDocument = z.object({
  written: z.string().describe('the file, as it was named'),
  rows: z.int().describe('how many rows of the registry it shows'),
  alerts: z.int(),
});
