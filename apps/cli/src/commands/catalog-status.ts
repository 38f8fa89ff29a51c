import { defineCommand } from '../command.js';
import { catalogFolderOptions } from './catalog-parameters.js';

export const catalogStatus = defineCommand({
  name: 'catalog status',
  summary: 'show how far the schemas of tools have been adopted, or which phase is on',
  group: 'Catalogs',
  effects: { readOnly: true },
  options: {
    pendingOnly: { description: 'only schemas that are pending or have failed' },
    phase: {
      description: 'which phase of the migration is on, and whether it may end',
      conflicts: ['pendingOnly'],
    },
    ...catalogFolderOptions,
  },
  document: async () => (await import('../documents/catalog.js')).statusDocument,
  run: async (context, input) =>
    (await import('../actions/catalog-look.js')).catalogStatus(context, input),
});
