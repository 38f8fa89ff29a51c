import { defineCommand } from '../command.js';
import { storeOptions } from './skill-parameters.js';

export const stateImport = defineCommand({
  name: 'state import',
  summary: 'write keys and values from JSON Lines, all or none',
  group: 'Skills',
  effects: { readOnly: false, destructive: true, idempotent: true },
  arguments: {
    file: { description: 'the file, as state export writes it; default: stdin', optional: true },
  },
  options: storeOptions,
  document: async () => (await import('../documents/state.js')).importedDocument,
  run: async (context, input) =>
    (await import('../actions/state-write.js')).importState(context, input),
});
