import { defineCommand } from '../command.js';
import { catalogFolderOptions } from './catalog-parameters.js';

export const catalogRender = defineCommand({
  name: 'catalog render',
  summary: 'render the intended catalog from overrides, aggregations and live descriptors',
  group: 'Catalogs',
  effects: { readOnly: false, destructive: false, idempotent: true },
  options: {
    verify: { description: 'also check what is hidden, every mapping and every reference' },
    allowStaleDescriptors: {
      description: 'go by missing or old descriptors; also $HOLDFAST_ALLOW_STALE_DESCRIPTORS',
    },
    ...catalogFolderOptions,
  },
  document: async () => (await import('../documents/catalog.js')).renderDocument,
  run: async (context, input) =>
    (await import('../actions/catalog-render.js')).render(context, input),
});
