import { defineCommand } from '../command.js';
import { patternOption, storeOptions } from './skill-parameters.js';

export const stateList = defineCommand({
  name: 'state list',
  summary: 'list keys and values',
  group: 'Skills',
  effects: { readOnly: true },
  options: { pattern: patternOption, ...storeOptions },
  examples: [
    { command: "holdfast state list --pattern 'notes:entry:*'", shows: 'the notes' },
    {
      command: 'holdfast state list --json',
      shows: 'everything, as {"entries": [{key, value, updatedAt}]}',
    },
  ],
  document: async () => (await import('../documents/state.js')).entriesDocument,
  run: async (context, input) => (await import('../actions/state.js')).listState(context, input),
});
