import { defineCommand } from '../command.js';
import { storeOptions } from './skill-parameters.js';

export const stateGet = defineCommand({
  name: 'state get',
  summary: 'print the value of a key; exit code 1 when it is not there',
  group: 'Skills',
  effects: { readOnly: true },
  arguments: { key: { description: 'the key' } },
  options: storeOptions,
  document: async () => (await import('../documents/state.js')).entryDocument,
  run: async (context, input) => (await import('../actions/state.js')).getState(context, input),
});
