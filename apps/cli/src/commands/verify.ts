import { defineCommand } from '../command.js';
import { concurrencyOption, rulesArgument, targetOption } from './shared-parameters.js';

export const verify = defineCommand({
  name: 'verify',
  summary: 'derive every delivered file again, and compare',
  group: 'Look',
  effects: { readOnly: true },
  arguments: { rules: rulesArgument },
  options: { target: targetOption, concurrency: concurrencyOption },
  examples: [
    { command: 'holdfast verify', shows: 'derive everything again, and compare the bytes' },
  ],
  document: async () => (await import('../documents/look.js')).verifyDocument,
  run: async (context, input) => (await import('../actions/verify.js')).verify(context, input),
});
