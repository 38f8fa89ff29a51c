import { defineCommand } from '../command.js';
import { concurrencyOption, releaseArgument } from './shared-parameters.js';

export const rolloutStatus = defineCommand({
  name: 'rollout status',
  summary: 'show how far the waves of a release are, and what they wait for',
  group: 'Distribute',
  effects: { readOnly: true },
  arguments: { release: releaseArgument },
  options: {
    all: { description: 'every rollout that the source remembers' },
    concurrency: concurrencyOption,
  },
  document: async () => (await import('../documents/rollout.js')).rolloutStatusDocument,
  run: async (context, input) =>
    (await import('../actions/rollout.js')).rolloutStatus(context, input),
});
