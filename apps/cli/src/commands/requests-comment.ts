import { defineCommand } from '../command.js';
import { requestArguments } from './shared-parameters.js';

export const requestsComment = defineCommand({
  name: 'requests comment',
  summary: 'comment on a change request',
  group: 'Change requests',
  effects: { readOnly: false, destructive: false, idempotent: false },
  arguments: requestArguments,
  options: {
    body: { value: 'text', description: 'what to say, in Markdown', required: true },
    key: {
      value: 'key',
      description: 'say it once: the next with this key edits the comment',
    },
  },
  examples: [
    {
      command: 'holdfast requests comment org/webapp 12 --body "merged on Monday"',
      shows: 'say something in a request',
    },
  ],
  document: async () => (await import('../documents/requests.js')).requestsCommentDocument,
  run: async (context, input) =>
    (await import('../actions/requests.js')).commentOnRequest(context, input),
});
