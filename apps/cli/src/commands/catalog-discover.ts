import { defineCommand } from '../command.js';
import { catalogFolderOptions } from './catalog-parameters.js';

export const catalogDiscover = defineCommand({
  name: 'catalog discover',
  summary: 'find the servers that the configurations of common clients name',
  group: 'Catalogs',
  effects: { readOnly: false, destructive: false, idempotent: true },
  options: {
    reset: { description: 'forget what was found' },
    ...catalogFolderOptions,
  },
  document: async () => (await import('../documents/catalog.js')).discoverDocument,
  run: async (context, input) =>
    (await import('../actions/catalog-discover.js')).catalogDiscover(context, input),
});
