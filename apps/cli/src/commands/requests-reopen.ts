import { defineCommand } from '../command.js';
import { requestArguments } from './shared-parameters.js';

export const requestsReopen = defineCommand({
  name: 'requests reopen',
  summary: 'open a closed change request again',
  group: 'Change requests',
  effects: { readOnly: false, destructive: false, idempotent: false },
  arguments: {
    target: requestArguments.target,
    number: {
      description: 'the number of the request, which must be given',
      optional: true,
      minimum: 1,
      mark: '#',
    },
  },
  examples: [
    {
      command: 'holdfast requests reopen org/webapp 12',
      shows: 'open a request again that was closed',
    },
  ],
  document: async () => (await import('../documents/requests.js')).requestsReopenDocument,
  run: async (context, input) =>
    (await import('../actions/requests.js')).reopenRequest(context, input),
});
