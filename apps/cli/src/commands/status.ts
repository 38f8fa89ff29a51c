import { defineCommand } from '../command.js';
import { concurrencyOption, rulesArgument, targetOption } from './shared-parameters.js';

export const status = defineCommand({
  name: 'status',
  summary: 'show where each target stands',
  group: 'Look',
  effects: { readOnly: true },
  arguments: { rules: rulesArgument },
  options: {
    target: targetOption,
    concurrency: concurrencyOption,
    only: {
      value: 'words',
      description: 'only these statuses, separated by commas: behind,drifted',
    },
    sort: {
      value: 'key',
      description: 'the order of the rows; default: that of the rules',
      choices: ['target', 'rule', 'status', 'version', 'age'],
    },
    groupBy: {
      value: 'key',
      description: 'count the rows by this under the table',
      choices: ['status', 'rule', 'version', 'strategy', 'frequency'],
    },
    customised: { description: "list the files that hold a target's own version" },
    markdown: { description: 'print the table as Markdown' },
    write: {
      value: 'file',
      description:
        'keep the table in this Markdown file, between <!-- holdfast:status --> and <!-- /holdfast:status -->',
    },
  },
  examples: [
    { command: 'holdfast status --only behind,drifted', shows: 'who needs attention' },
    { command: 'holdfast status --write REGISTRY.md', shows: 'keep the registry in a document' },
  ],
  document: async () => (await import('../documents/status.js')).statusDocument,
  run: async (context, input) => (await import('../actions/status.js')).status(context, input),
});
