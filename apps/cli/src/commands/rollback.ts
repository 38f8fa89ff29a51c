import { defineCommand } from '../command.js';
import { concurrencyOption } from './shared-parameters.js';

export const rollback = defineCommand({
  name: 'rollback',
  summary: 'go back to a release that a target had, by a change request that says why',
  group: 'Distribute',
  effects: { readOnly: false, destructive: false, idempotent: true },
  arguments: {
    targets: { description: 'names of targets', optional: true, repeatable: true },
  },
  options: {
    to: { value: 'tag', description: 'the release to go back to', required: true },
    reason: { value: 'text', description: 'why, for the log and the issue', required: true },
    rule: {
      value: 'id',
      description: 'only this rule; default: all of the target',
      repeatable: true,
    },
    group: {
      value: 'name',
      description: 'only the rules of this group',
      repeatable: true,
    },
    all: { description: 'every target, instead of named ones' },
    dryRun: { description: 'only say what would be done' },
    concurrency: concurrencyOption,
  },
  examples: [
    {
      command: 'holdfast rollback org/webapp --to v2.3.1 --reason "CI fails on the schemas"',
      shows: 'take back what was delivered since v2.3.1, and keep what people changed',
    },
    {
      command: 'holdfast rollback --all --group docs --to v2.3.1 --reason "broken links" --dry-run',
      shows: 'the plan for the whole fleet',
    },
  ],
  document: async () => (await import('../documents/rollback.js')).rollbackDocument,
  run: async (context, input) => (await import('../actions/rollback.js')).rollback(context, input),
});
