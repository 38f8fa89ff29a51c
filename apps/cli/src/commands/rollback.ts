import { defineCommand } from '../command.js';
import { concurrencyOption } from './shared-parameters.js';

export const rollback = defineCommand({
  name: 'rollback',
  summary: 'go back to a release that a target had, by a change request that says why',
  group: 'Distribute',
  effects: { readOnly: false, destructive: false, idempotent: true },
  arguments: { target: { description: 'the name of the target', optional: true } },
  options: {
    to: { value: 'tag', description: 'the release to go back to', required: true },
    reason: { value: 'text', description: 'why, for the log and the issue', required: true },
    rule: {
      value: 'id',
      description: 'only this rule; default: all of the target',
      repeatable: true,
    },
    all: { description: 'every target, instead of one' },
    dryRun: { description: 'only say what would be done' },
    concurrency: concurrencyOption,
  },
  examples: [
    {
      command: 'holdfast rollback org/webapp --to v2.3.1 --reason "CI fails on the schemas"',
      shows: 'take back what was delivered since v2.3.1, and keep what people changed',
    },
  ],
  document: async () => (await import('../documents/rollback.js')).rollbackDocument,
  run: async (context, input) => (await import('../actions/rollback.js')).rollback(context, input),
});
