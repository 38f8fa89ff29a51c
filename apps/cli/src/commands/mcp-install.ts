import { defineCommand } from '../command.js';

export const mcpInstall = defineCommand({
  name: 'mcp install',
  summary: 'enter Holdfast into the configuration of a client',
  group: 'For agents',
  effects: { readOnly: false, destructive: false, idempotent: true },
  tool: false,
  arguments: {
    client: {
      description: 'which client',
      choices: ['claude-code', 'claude-desktop', 'codex', 'cursor', 'gemini', 'vscode'],
    },
  },
  options: {
    readOnly: { description: 'offer only what writes nothing' },
    yes: { description: 'write what is shown, without asking' },
  },
  examples: [
    { command: 'holdfast mcp install vscode', shows: 'show the entry, ask, and write it' },
  ],
  document: async () => (await import('../documents/files.js')).mcpInstallDocument,
  run: async (context, input) =>
    (await import('../actions/mcp-install.js')).installMcp(context, input),
});
