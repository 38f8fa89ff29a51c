import { defineCommand } from '../command.js';

export const registryRemove = defineCommand({
  name: 'registry remove',
  summary: 'take a target or a rule out: it is archived, and what was delivered stays',
  group: 'Distribute',
  effects: { readOnly: false, destructive: true, idempotent: false },
  arguments: { name: { description: 'the name of a target, or the id of a rule' } },
  examples: [
    {
      command: 'holdfast registry remove org/webapp',
      shows: 'its own rules are set to manual and moved to archived/ beside them',
    },
  ],
  document: async () => (await import('../documents/registry.js')).registryRemoveDocument,
  run: async (context, input) => (await import('../actions/registry.js')).remove(context, input),
});
