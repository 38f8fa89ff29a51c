import { defineCommand } from '../command.js';

export const authCheck = defineCommand({
  name: 'auth check',
  summary: 'show which login each host uses, and what it may do',
  group: 'Set up',
  effects: { readOnly: true },
  examples: [
    { command: 'holdfast auth check', shows: 'which login each host gets, and what it may do' },
  ],
  document: async () => (await import('../documents/look.js')).authDocument,
  run: async (context) => (await import('../actions/auth.js')).checkLogins(context),
});
