import { defineCommand } from '../command.js';
import { concurrencyOption, rulesArgument, targetOption } from './shared-parameters.js';

export const report = defineCommand({
  name: 'report',
  summary: 'write the fleet as one self-contained HTML page',
  group: 'Look',
  effects: { readOnly: false, destructive: true, idempotent: true },
  arguments: { rules: rulesArgument },
  options: {
    html: { value: 'file', description: 'the page to write; needs no network', required: true },
    target: targetOption,
    concurrency: concurrencyOption,
  },
  examples: [
    { command: 'holdfast report --html fleet.html', shows: 'who is where, who is behind and why' },
  ],
  document: async () => (await import('../documents/report.js')).reportDocument,
  run: async (context, input) => (await import('../actions/report.js')).report(context, input),
});
