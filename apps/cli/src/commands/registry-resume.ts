import { defineCommand } from '../command.js';

export const registryResume = defineCommand({
  name: 'registry resume',
  summary: 'deliver to a target again what was rolled back there',
  group: 'Distribute',
  effects: { readOnly: false, destructive: false, idempotent: true },
  arguments: { target: { description: 'the name of the target' } },
  options: { rule: { value: 'id', description: 'only this rule', repeatable: true } },
  document: async () => (await import('../documents/plan.js')).syncDocument,
  run: async (context, input) =>
    (await import('../actions/registry-resume.js')).resume(context, input),
});
