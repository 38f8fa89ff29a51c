import { defineCommand } from '../command.js';
import { catalogFolderOptions } from './catalog-parameters.js';

export const catalogList = defineCommand({
  name: 'catalog list',
  summary: 'list the tools of the intended catalog',
  group: 'Catalogs',
  effects: { readOnly: true },
  options: {
    liveCatalog: { description: 'those of the live catalog' },
    diffCatalogs: {
      description: 'what differs between the two, for each tool',
      conflicts: ['liveCatalog'],
    },
    ...catalogFolderOptions,
  },
  document: async () => (await import('../documents/catalog.js')).listDocument,
  run: async (context, input) =>
    (await import('../actions/catalog-look.js')).catalogList(context, input),
});
