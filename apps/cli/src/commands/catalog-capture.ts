import { defineCommand } from '../command.js';
import { captureOptions, catalogFolderOptions } from './catalog-parameters.js';

export const catalogCapture = defineCommand({
  name: 'catalog capture',
  summary: 'ask MCP servers for their tools, and keep what they describe',
  group: 'Catalogs',
  effects: { readOnly: false, destructive: false, idempotent: true },
  options: {
    servers: {
      value: 'file',
      description: 'the servers: {"mcpServers": {NAME: {command, args, env} or {url, headers}}}',
      required: true,
    },
    server: { value: 'name', description: 'only this server', repeatable: true },
    ...captureOptions,
    ...catalogFolderOptions,
  },
  examples: [
    {
      command: 'holdfast catalog capture --servers .mcp.json',
      shows: 'what the servers offer now',
    },
  ],
  document: async () => (await import('../documents/catalog.js')).captureDocument,
  run: async (context, input) =>
    (await import('../actions/catalog-capture.js')).capture(context, input),
});
