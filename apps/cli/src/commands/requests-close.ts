import { defineCommand } from '../command.js';
import { requestArguments } from './shared-parameters.js';

export const requestsClose = defineCommand({
  name: 'requests close',
  summary: 'close a change request; the next runs respect it',
  group: 'Change requests',
  effects: { readOnly: false, destructive: true, idempotent: false },
  arguments: requestArguments,
  options: { comment: { value: 'text', description: 'say why' } },
  examples: [
    {
      command: 'holdfast requests close org/webapp 12 --comment "not before June"',
      shows: 'turn a delivery down, and say why',
    },
  ],
  document: async () => (await import('../documents/requests.js')).requestsCloseDocument,
  run: async (context, input) =>
    (await import('../actions/requests.js')).closeRequest(context, input),
});
