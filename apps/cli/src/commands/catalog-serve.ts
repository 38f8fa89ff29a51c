import { defineCommand } from '../command.js';
import { catalogFolderOptions } from './catalog-parameters.js';

export const catalogServe = defineCommand({
  name: 'catalog serve',
  summary: 'put MCP servers behind one, which serves the intended catalog',
  group: 'Catalogs',
  effects: { readOnly: false, destructive: false, idempotent: true },
  tool: false,
  options: {
    servers: {
      value: 'file',
      description: 'the servers: {"mcpServers": {NAME: {command, args, env} or {url, headers}}}',
      required: true,
    },
    server: { value: 'name', description: 'only this server', repeatable: true },
    useIntendedCatalog: {
      description: 'serve the intended catalog; also $HOLDFAST_USE_INTENDED_CATALOG',
    },
    emitLiveCatalog: {
      description: 'write live descriptors and catalog; also $HOLDFAST_EMIT_LIVE_CATALOG',
    },
    lazy: { description: 'start a server when it is called first, where its tools are known' },
    pinDescriptions: {
      description:
        'serve the words of tools as they were rendered, until a render takes new ones in',
    },
    passOn: {
      value: 'what',
      description: 'what servers may ask of the client; default: nothing',
      choices: ['sampling', 'elicitation', 'roots'],
      repeatable: true,
    },
    http: { description: 'streamable HTTP with a token, in place of stdio' },
    port: {
      value: 'number',
      description: 'the port of --http; with stdio, of diagnostics and metrics alone',
      minimum: 0,
    },
    host: { value: 'address', description: 'the address of --http and --port; default: 127.0.0.1' },
    allowHost: {
      value: 'name',
      description: 'another name that this server may be called by',
      repeatable: true,
    },
    timeout: {
      value: 'seconds',
      description: 'how long a server may take to start and list; default: 15',
      minimum: 1,
    },
    callTimeout: {
      value: 'seconds',
      description: 'how long a call may take without progress; default: 60',
      minimum: 1,
    },
    maxResult: {
      value: 'characters',
      description: 'how long a result may be; default: 10000000',
      minimum: 1000,
    },
    check: {
      description: 'capture, render, restart, and say whether what is served is what was intended',
      conflicts: ['http', 'port', 'lazy'],
    },
    ...catalogFolderOptions,
  },
  examples: [
    {
      command: 'holdfast catalog serve --servers .mcp.json --use-intended-catalog',
      shows: 'over stdio, as clients start it',
    },
    {
      command: 'holdfast catalog serve --servers .mcp.json --check',
      shows: 'in a pipeline: exit code 1 where a restart leaves a gap',
    },
  ],
  document: async () => (await import('../documents/catalog-serve.js')).serveDocument,
  run: async (context, input) =>
    (await import('../actions/catalog-serve.js')).catalogServe(context, input),
});
