import { defineCommand } from '../command.js';

export const targetsList = defineCommand({
  name: 'targets list',
  summary: 'show every target, those that targets_from finds too',
  group: 'Look',
  effects: { readOnly: true },
  examples: [{ command: 'holdfast targets list', shows: 'every target, and where it comes from' }],
  document: async () => (await import('../documents/look.js')).targetsListDocument,
  run: async (context) => (await import('../actions/targets.js')).showTargets(context),
});
