import { defineCommand } from '../command.js';
import { catalogFolderOptions, toolArgument } from './catalog-parameters.js';

export const catalogApprove = defineCommand({
  name: 'catalog approve',
  summary: 'take the schema of a tool that is pending, failed or locked',
  group: 'Catalogs',
  effects: { readOnly: false, destructive: false, idempotent: true },
  arguments: { tool: toolArgument },
  options: {
    retry: { description: 'do not take it, have it tried anew' },
    ...catalogFolderOptions,
  },
  document: async () => (await import('../documents/catalog.js')).approveDocument,
  run: async (context, input) =>
    (await import('../actions/catalog-keep.js')).catalogApprove(context, input),
});
