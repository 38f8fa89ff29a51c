import { defineCommand } from '../command.js';
import { requestArguments } from './shared-parameters.js';

export const requestsMerge = defineCommand({
  name: 'requests merge',
  summary: 'merge a change request',
  group: 'Change requests',
  effects: { readOnly: false, destructive: true, idempotent: false },
  arguments: requestArguments,
  options: {
    method: {
      value: 'method',
      description: 'how; default: as the configuration says, else merge',
      choices: ['merge', 'squash'],
    },
  },
  run: async (context, input) =>
    (await import('../actions/requests.js')).mergeRequest(context, input),
});
