import { defineCommand } from '../command.js';
import { captureOptions, catalogFolderOptions } from './catalog-parameters.js';

export const catalogVerify = defineCommand({
  name: 'catalog verify',
  summary: 'capture, render, and fail where what is served is not what was intended',
  group: 'Catalogs',
  effects: { readOnly: false, destructive: false, idempotent: true },
  options: {
    servers: {
      value: 'file',
      description: 'ask these servers first; default: go by the artifacts that are there',
    },
    ...captureOptions,
    diffs: {
      value: 'folder',
      description: 'where differences are kept',
      default: 'catalog-diffs',
    },
    ...catalogFolderOptions,
  },
  examples: [
    {
      command: 'holdfast catalog verify --servers .mcp.json',
      shows: 'the stage of a pipeline; HOLDFAST_ALLOW_LIVE_DRIFT=1 lets a known gap pass',
    },
  ],
  document: async () => (await import('../documents/catalog.js')).verifyDocument,
  run: async (context, input) =>
    (await import('../actions/catalog-verify.js')).catalogVerify(context, input),
});
