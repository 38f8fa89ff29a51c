import { defineCommand } from '../command.js';

export const hooksRun = defineCommand({
  name: 'hooks run',
  summary: 'do what the hook does, without a commit',
  group: 'Check files',
  tool: false,
  effects: { readOnly: true },
  run: async (context) => (await import('../actions/hooks.js')).runHooks(context),
});
