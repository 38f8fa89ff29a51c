import { defineCommand } from '../command.js';
import { runRulesArgument, selectionOptions } from './shared-parameters.js';

export const sync = defineCommand({
  name: 'sync',
  summary: 'plan, validate and apply: commit, push, change request',
  group: 'Distribute',
  effects: { readOnly: false, destructive: false, idempotent: true },
  arguments: { rules: runRulesArgument },
  options: {
    ...selectionOptions,
    plan: {
      value: 'file',
      description: 'apply exactly this saved plan, or refuse',
      conflicts: ['release', 'ref', 'target', 'acceptMovedTag', 'dryRun'],
    },
    prune: {
      description: 'propose to remove what rules that are gone have left, and nothing else',
      conflicts: ['release', 'ref', 'acceptMovedTag', 'plan'],
    },
    dryRun: { description: 'only plan' },
  },
  examples: [
    { command: 'holdfast sync', shows: 'open or renew a change request in every target' },
    { command: 'holdfast sync --prune', shows: 'take away what deleted rules delivered' },
    { command: 'holdfast sync --plan plan.json', shows: 'apply what was looked at' },
  ],
  document: async () => (await import('../documents/plan.js')).syncDocument,
  run: async (context, input) => (await import('../actions/sync.js')).sync(context, input),
});
