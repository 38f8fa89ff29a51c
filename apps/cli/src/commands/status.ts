import { defineCommand } from '../command.js';
import { concurrencyOption, rulesArgument, targetOption } from './shared-parameters.js';

export const status = defineCommand({
  name: 'status',
  summary: 'show where each target stands',
  group: 'Look',
  effects: { readOnly: true },
  arguments: { rules: rulesArgument },
  options: { target: targetOption, concurrency: concurrencyOption },
  run: async (context, input) => (await import('../actions/status.js')).status(context, input),
});
