import { defineCommand } from '../command.js';
import { skillOptions, timeoutOption } from './skill-parameters.js';

export const stateSet = defineCommand({
  name: 'state set',
  summary: 'write the value of a key',
  group: 'Skills',
  effects: { readOnly: false, destructive: true, idempotent: true },
  arguments: {
    key: { description: 'the key' },
    value: {
      description: 'the value; - reads it from stdin, -- before it allows it to begin with -',
    },
  },
  options: {
    generate: { description: 'then generate the skills whose patterns match the key' },
    timeout: timeoutOption,
    ...skillOptions,
  },
  document: async () => (await import('../documents/state.js')).setDocument,
  run: async (context, input) =>
    (await import('../actions/state-write.js')).setState(context, input),
});
