import { defineCommand } from '../command.js';

export const registryResume = defineCommand({
  name: 'registry resume',
  summary: 'deliver to a target again: end its pause, or what a rollback holds',
  group: 'Distribute',
  effects: { readOnly: false, destructive: false, idempotent: true },
  arguments: { target: { description: 'the name of the target' } },
  options: { rule: { value: 'id', description: 'only this rule', repeatable: true } },
  document: async () => (await import('../documents/plan.js')).syncDocument,
  run: async (context, input) => (await import('../actions/registry.js')).resume(context, input),
});
