import { defineCommand } from '../command.js';
import { schemasOptions, typesOption } from './schemas-parameters.js';

export const schemasCheck = defineCommand({
  name: 'schemas check',
  summary: 'tell which schemas are stale; with --types, also which are missing',
  group: 'Check files',
  effects: { readOnly: true },
  options: { ...schemasOptions, types: typesOption },
  examples: [
    { command: 'holdfast schemas check', shows: 'whether the schemas still fit their types' },
  ],
  document: async () => (await import('../documents/files.js')).schemasCheckDocument,
  run: async (context, input) =>
    (await import('../actions/schemas.js')).checkSchemas(context, input),
});
