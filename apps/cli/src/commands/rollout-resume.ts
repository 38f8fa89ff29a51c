import { defineCommand } from '../command.js';
import { releaseArgument } from './shared-parameters.js';

export const rolloutResume = defineCommand({
  name: 'rollout resume',
  summary: 'let a halted rollout go on, and accept what went wrong so far',
  group: 'Distribute',
  effects: { readOnly: false, destructive: false, idempotent: true },
  arguments: { release: releaseArgument },
  document: async () => (await import('../documents/rollout.js')).rolloutDocument,
  run: async (context, input) =>
    (await import('../actions/rollout.js')).rolloutResume(context, input),
});
