import { defineCommand } from '../command.js';
import { catalogFolderOptions } from './catalog-parameters.js';

export const catalogDiff = defineCommand({
  name: 'catalog diff',
  summary: 'tell what differs between two catalogs, what breaks, and on which call',
  group: 'Catalogs',
  effects: { readOnly: false, destructive: false, idempotent: true },
  hasJsonFormat: true,
  arguments: {
    catalogs: {
      description:
        'two files: tools/list results, descriptors or catalogs; default: the intended and the live catalog',
      optional: true,
      repeatable: true,
    },
  },
  options: {
    live: { description: 'the intended catalog against the live one' },
    transitive: { description: 'against every retained live catalog, and the oldest that breaks' },
    failOn: {
      value: 'weight',
      description: 'what makes the exit code 1; what is not decided counts as breaking',
      choices: ['breaking', 'warning', 'any'],
      default: 'any',
    },
    format: {
      value: 'format',
      description: 'the form of the report; json is what --json prints',
      choices: ['text', 'json', 'markdown', 'sarif'],
      default: 'text',
    },
    ...catalogFolderOptions,
  },
  examples: [
    {
      command: 'holdfast catalog diff old.json new.json',
      shows: 'two captured tools/list results',
    },
    { command: 'holdfast catalog diff --live --fail-on breaking', shows: 'in a pipeline' },
  ],
  document: async () => (await import('../documents/catalog.js')).diffDocument,
  run: async (context, input) => (await import('../actions/catalog-diff.js')).diff(context, input),
});
