import { defineCommand } from '../command.js';
import { catalogFolderOptions } from './catalog-parameters.js';

export const catalogPrune = defineCommand({
  name: 'catalog prune',
  summary: 'bring snapshots, log and statuses down to what retention says',
  group: 'Catalogs',
  effects: { readOnly: false, destructive: true, idempotent: true },
  options: catalogFolderOptions,
  document: async () => (await import('../documents/catalog.js')).pruneDocument,
  run: async (context, input) =>
    (await import('../actions/catalog-keep.js')).catalogPrune(context, input),
});
