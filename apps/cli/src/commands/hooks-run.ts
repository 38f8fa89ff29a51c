import { defineCommand } from '../command.js';

export const hooksRun = defineCommand({
  name: 'hooks run',
  summary: 'do what the hook does, without a commit',
  group: 'Check files',
  tool: false,
  effects: { readOnly: true },
  examples: [{ command: 'holdfast hooks run', shows: 'what the hook runs, by hand' }],
  document: async () => (await import('../documents/files.js')).validateDocument,
  run: async (context) => (await import('../actions/hooks.js')).runHooks(context),
});
