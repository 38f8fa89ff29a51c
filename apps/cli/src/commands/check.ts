import { defineCommand } from '../command.js';
import { concurrencyOption, rulesArgument, targetOption } from './shared-parameters.js';

export const check = defineCommand({
  name: 'check',
  summary: 'look for drift, staleness and failures, for a daily job',
  group: 'Look',
  effects: { readOnly: false, destructive: false, idempotent: true },
  arguments: { rules: rulesArgument },
  options: {
    target: targetOption,
    concurrency: concurrencyOption,
    alerts: {
      value: 'file',
      description:
        'write the alerts as sync_alert records, a JSON line each; - is stdout, where --json has them in its document',
    },
    issues: {
      description: 'tell them as issues of the targets: opened once, edited, closed when over',
    },
    webhook: {
      description:
        'post what began and what is over to alerts.webhook of the configuration, signed',
    },
  },
  examples: [
    { command: 'holdfast check --issues', shows: 'tell the owners of every target' },
    { command: 'holdfast check --alerts -', shows: 'hand the alerts to another program' },
  ],
  document: async () => (await import('../documents/check.js')).checkDocument,
  run: async (context, input) => (await import('../actions/check.js')).check(context, input),
});
