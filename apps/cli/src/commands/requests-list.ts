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
  run: async (context, input) =>
    (await import('../actions/requests.js')).listRequests(context, input),
});
