import { defineCommand } from '../command.js';

export const help = defineCommand({
  name: 'help',
  summary: 'explain a command',
  group: 'Set up',
  effects: { readOnly: true },
  tool: false,
  arguments: {
    command: {
      description: 'the words of the command; default: all commands',
      optional: true,
      repeatable: true,
    },
  },
  options: { man: { description: 'print a manual page of all commands' } },
  examples: [
    { command: 'holdfast help requests merge', shows: 'what requests merge takes' },
    {
      command: 'holdfast help --man > holdfast.1',
      shows: 'a manual page; read it with: man ./holdfast.1',
    },
  ],
  document: async () => (await import('../documents/help.js')).helpDocument,
  run: async (context, input) => (await import('../actions/help.js')).help(context, input),
});
