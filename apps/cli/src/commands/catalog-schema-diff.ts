import { defineCommand } from '../command.js';

export const catalogSchemaDiff = defineCommand({
  name: 'catalog schema-diff',
  summary: 'tell whether a change of a JSON Schema breaks, with a value that shows it',
  group: 'Catalogs',
  effects: { readOnly: true },
  arguments: {
    old: { description: 'the schema before' },
    new: { description: 'the schema now' },
  },
  options: {
    direction: {
      value: 'direction',
      description: 'what the schema describes: what callers send, or what readers get',
      choices: ['input', 'output'],
      required: true,
    },
    dialect: {
      value: 'dialect',
      description: 'of a schema without $schema; default: 2020-12',
      choices: ['draft-04', 'draft-06', 'draft-07', '2019-09', '2020-12'],
    },
  },
  document: async () => (await import('../documents/catalog.js')).schemaDiffDocument,
  run: async (context, input) =>
    (await import('../actions/catalog-schema-diff.js')).schemaDiff(context, input),
});
