import { defineCommand } from '../command.js';
import { patternOption, storeOptions } from './skill-parameters.js';

export const stateExport = defineCommand({
  name: 'state export',
  summary: 'print keys and values as JSON Lines',
  group: 'Skills',
  effects: { readOnly: true },
  options: { pattern: patternOption, ...storeOptions },
  examples: [{ command: 'holdfast state export > state.jsonl', shows: 'a copy that import reads' }],
  document: async () => (await import('../documents/state.js')).entriesDocument,
  run: async (context, input) => (await import('../actions/state.js')).exportState(context, input),
});
