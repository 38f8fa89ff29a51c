import { defineCommand } from '../command.js';
import { requestArguments } from './shared-parameters.js';

export const requestsShow = defineCommand({
  name: 'requests show',
  summary: 'show a change request: its text, its files, its comments',
  group: 'Change requests',
  effects: { readOnly: true },
  arguments: requestArguments,
  options: { stat: { description: 'only name the files, without their differences' } },
  examples: [
    { command: 'holdfast requests show org/webapp', shows: 'the only open request of a target' },
    { command: 'holdfast requests show org/webapp 12', shows: 'request 12' },
  ],
  document: async () => (await import('../documents/requests.js')).requestsShowDocument,
  run: async (context, input) =>
    (await import('../actions/requests.js')).showRequest(context, input),
});
