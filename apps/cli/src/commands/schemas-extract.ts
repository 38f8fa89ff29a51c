import { defineCommand } from '../command.js';
import { schemasOptions, typesOption } from './schemas-parameters.js';

export const schemasExtract = defineCommand({
  name: 'schemas extract',
  summary: 'write one schema for each exported type',
  group: 'Check files',
  effects: { readOnly: false, destructive: true, idempotent: true },
  options: { ...schemasOptions, types: { ...typesOption, required: true } },
  examples: [
    {
      command: "holdfast schemas extract --types 'src/models/**/*.ts' --out schemas",
      shows: 'one schema for each type that the models export',
    },
  ],
  document: async () => (await import('../documents/files.js')).schemasExtractDocument,
  run: async (context, input) => (await import('../actions/schemas.js')).extract(context, input),
});
