import { defineCommand } from '../command.js';

export const hooksInstall = defineCommand({
  name: 'hooks install',
  summary: 'check what is staged before each commit; an existing hook is kept',
  group: 'Check files',
  effects: { readOnly: false, destructive: false, idempotent: true },
  options: {
    force: { description: 'write into a shared folder, and over an edited hook of ours' },
  },
  examples: [
    { command: 'holdfast hooks install', shows: 'check what is staged before each commit' },
  ],
  document: async () => (await import('../documents/files.js')).hookDocument,
  run: async (context, input) => (await import('../actions/hooks.js')).installHooks(context, input),
});
