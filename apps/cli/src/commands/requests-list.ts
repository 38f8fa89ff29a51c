import { defineCommand } from '../command.js';

export const requestsList = defineCommand({
  name: 'requests list',
  summary: 'list change requests',
  group: 'Change requests',
  effects: { readOnly: true },
  arguments: {
    targets: { description: 'names of targets; default: all', optional: true, repeatable: true },
  },
  options: {
    state: {
      value: 'state',
      description: 'which to list',
      choices: ['open', 'merged', 'closed', 'all'],
      default: 'open',
    },
  },
  examples: [
    { command: 'holdfast requests list', shows: 'the open requests of all targets' },
    {
      command: 'holdfast requests list org/webapp --state all',
      shows: 'every request of one target',
    },
  ],
  document: async () => (await import('../documents/requests.js')).requestsListDocument,
  run: async (context, input) =>
    (await import('../actions/requests.js')).listRequests(context, input),
});
