import { z } from 'zod';

export const schemaDocument = z.object({
  schema: z.record(z.string(), z.unknown()).describe('a JSON Schema, draft-07'),
});
