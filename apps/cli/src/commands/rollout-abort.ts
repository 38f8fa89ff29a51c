import { defineCommand } from '../command.js';
import { releaseArgument } from './shared-parameters.js';

export const rolloutAbort = defineCommand({
  name: 'rollout abort',
  summary: 'give a rollout up: close what is open, and offer the way back of what was merged',
  group: 'Distribute',
  effects: { readOnly: false, destructive: true, idempotent: true },
  arguments: { release: releaseArgument },
  options: {
    reason: { value: 'text', description: 'why, for the requests that are closed', required: true },
  },
  examples: [
    {
      command: 'holdfast rollout abort --reason "it breaks the build"',
      shows: 'stop here, and print the commands that bring back who has it already',
    },
  ],
  document: async () => (await import('../documents/rollout.js')).rolloutAbortDocument,
  run: async (context, input) =>
    (await import('../actions/rollout.js')).rolloutAbort(context, input),
});
