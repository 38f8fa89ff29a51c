import { defineCommand } from '../command.js';

export const mcp = defineCommand({
  name: 'mcp',
  summary: 'offer every command as a tool for agents, over MCP',
  group: 'For agents',
  effects: { readOnly: true },
  tool: false,
  options: {
    readOnly: { description: 'offer only what writes nothing' },
    allow: {
      value: 'tool',
      description: 'offer only this tool, like plan or requests_list',
      repeatable: true,
    },
    http: { description: 'streamable HTTP on loopback, with a token, in place of stdio' },
    port: { value: 'number', description: 'the port of --http; default: a free one', minimum: 0 },
  },
  examples: [
    { command: 'holdfast mcp', shows: 'serve over stdio, as clients start it' },
    { command: 'holdfast mcp --read-only', shows: 'only look' },
  ],
  run: async (context, input) => (await import('../actions/mcp.js')).serveMcp(context, input),
});
