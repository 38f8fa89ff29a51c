import { defineCommand } from '../command.js';
import { catalogFolderOptions, toolArgument } from './catalog-parameters.js';

export const catalogWhy = defineCommand({
  name: 'catalog why',
  summary: 'tell which files made a tool what it is in the intended catalog',
  group: 'Catalogs',
  effects: { readOnly: true },
  arguments: { tool: toolArgument },
  options: catalogFolderOptions,
  document: async () => (await import('../documents/catalog.js')).whyDocument,
  run: async (context, input) =>
    (await import('../actions/catalog-look.js')).catalogWhy(context, input),
});
