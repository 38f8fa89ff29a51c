import { defineCommand } from '../command.js';

export const hooksRemove = defineCommand({
  name: 'hooks remove',
  summary: 'take the hook away, and put back what was there',
  group: 'Check files',
  effects: { readOnly: false, destructive: true, idempotent: true },
  options: {
    force: { description: 'change a shared folder, and drop what was added to our hook' },
  },
  examples: [{ command: 'holdfast hooks remove', shows: 'take the hook out again' }],
  document: async () => (await import('../documents/files.js')).hookDocument,
  run: async (context, input) => (await import('../actions/hooks.js')).removeHooks(context, input),
});
