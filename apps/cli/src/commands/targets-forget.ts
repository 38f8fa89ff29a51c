import { defineCommand } from '../command.js';

export const targetsForget = defineCommand({
  name: 'targets forget',
  summary: 'forget a target that targets_from lists no more',
  group: 'Set up',
  effects: { readOnly: false, destructive: false, idempotent: false },
  arguments: { target: { description: 'the name of the target' } },
  examples: [
    {
      command: 'holdfast targets forget org/gone',
      shows: 'leave out a target that its forge lists no more',
    },
  ],
  document: async () => (await import('../documents/look.js')).targetsForgetDocument,
  run: async (context, input) => (await import('../actions/targets.js')).forget(context, input),
});
