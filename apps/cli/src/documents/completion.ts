import { z } from 'zod';

export const completionDocument = z.object({
  script: z.string().describe('a script for the shell'),
});
