import { defineCommand } from '../command.js';
import { concurrencyOption, rulesArgument, targetOption } from './shared-parameters.js';

export const drift = defineCommand({
  name: 'drift',
  summary: 'compare each target with what was delivered last',
  group: 'Look',
  effects: { readOnly: true },
  arguments: { rules: rulesArgument },
  options: { target: targetOption, concurrency: concurrencyOption },
  examples: [
    { command: 'holdfast drift', shows: 'which targets changed what was delivered' },
    {
      command: 'holdfast drift --target org/webapp --json',
      shows: 'the same of one target, for a program',
    },
  ],
  document: async () => (await import('../documents/drift.js')).driftDocument,
  run: async (context, input) => (await import('../actions/drift.js')).drift(context, input),
});
