import { defineCommand } from '../command.js';
import { patternOption, storeOptions } from './skill-parameters.js';

export const stateDelete = defineCommand({
  name: 'state delete',
  summary: 'delete keys; asks, or --yes',
  group: 'Skills',
  effects: { readOnly: false, destructive: true, idempotent: true },
  arguments: { keys: { description: 'the keys', optional: true, repeatable: true } },
  options: {
    pattern: { ...patternOption, description: 'the keys that match, instead of keys' },
    yes: { description: 'ask nothing' },
    ...storeOptions,
  },
  document: async () => (await import('../documents/state.js')).deletedDocument,
  run: async (context, input) =>
    (await import('../actions/state-write.js')).deleteState(context, input),
});
