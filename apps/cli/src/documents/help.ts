import { z } from 'zod';

const parameter = z.object({
  name: z.string().describe('as it is written: --target, path'),
  description: z.string(),
  value: z.string().optional().describe('what the value of an option is called'),
  choices: z.array(z.string()).optional(),
  required: z.boolean(),
  repeatable: z.boolean(),
});

export const helpDocument = z.object({
  commands: z.array(
    z.object({
      name: z.string(),
      summary: z.string(),
      group: z.string(),
      readOnly: z.boolean().describe('whether it writes nothing'),
      arguments: z.array(parameter),
      options: z.array(parameter),
      examples: z.array(z.object({ command: z.string(), shows: z.string() })),
    }),
  ),
});
