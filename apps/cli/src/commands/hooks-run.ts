import { defineCommand } from '../command.js';

export const hooksRun = defineCommand({
  name: 'hooks run',
  summary: 'do what the hook does, without a commit',
  group: 'Check files',
  tool: false,
  effects: { readOnly: true },
  examples: [{ command: 'holdfast hooks run', shows: 'what the hook runs, by hand' }],
  run: async (context) => (await import('../actions/hooks.js')).runHooks(context),
});
