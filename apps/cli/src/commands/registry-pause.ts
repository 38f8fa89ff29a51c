import { defineCommand } from '../command.js';

export const registryPause = defineCommand({
  name: 'registry pause',
  summary: 'deliver nothing to a target until registry resume',
  group: 'Distribute',
  effects: { readOnly: false, destructive: false, idempotent: true },
  arguments: { target: { description: 'the name of the target' } },
  options: {
    rule: { value: 'id', description: 'only this rule', repeatable: true },
    reason: { value: 'text', description: 'why, for status and plan' },
  },
  document: async () => (await import('../documents/registry.js')).registryPauseDocument,
  run: async (context, input) => (await import('../actions/registry.js')).pause(context, input),
});
