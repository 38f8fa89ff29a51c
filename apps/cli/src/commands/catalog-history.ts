import { defineCommand } from '../command.js';
import { catalogFolderOptions, toolArgument } from './catalog-parameters.js';

export const catalogHistory = defineCommand({
  name: 'catalog history',
  summary: 'show how a tool changed over the retained captures',
  group: 'Catalogs',
  effects: { readOnly: true },
  arguments: { tool: toolArgument },
  options: catalogFolderOptions,
  document: async () => (await import('../documents/catalog.js')).historyDocument,
  run: async (context, input) =>
    (await import('../actions/catalog-look.js')).catalogHistory(context, input),
});
