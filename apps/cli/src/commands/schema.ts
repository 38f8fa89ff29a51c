import { defineCommand } from '../command.js';

export const schema = defineCommand({
  name: 'schema',
  summary: 'print the JSON Schema of a file, for editors',
  group: 'Set up',
  effects: { readOnly: true },
  arguments: {
    file: {
      description: 'of holdfast.yaml, of a rule file, or of a manifest in a target',
      choices: ['config', 'rule', 'manifest'],
    },
  },
  examples: [
    {
      command: 'holdfast schema config > holdfast.schema.json',
      shows: 'a file that the line "# yaml-language-server: $schema=…" can name',
    },
  ],
  document: async () => (await import('../documents/schema.js')).schemaDocument,
  run: async (_context, input) => (await import('../actions/schema.js')).schema(input),
});
