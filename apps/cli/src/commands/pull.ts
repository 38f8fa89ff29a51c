import { defineCommand } from '../command.js';
import { cataloguesArgument } from './catalogue-parameters.js';

export const pull = defineCommand({
  name: 'pull',
  summary: 'bring catalogues up to their sources; local edits are kept and merged',
  group: 'Catalogues',
  effects: { readOnly: false, destructive: false, idempotent: true },
  arguments: { catalogues: cataloguesArgument },
  options: {
    full: { description: 'bring back what was deleted here' },
    ref: { value: 'revision', description: 'pull this commit, branch or tag of the source' },
    check: { description: 'only tell what would change; exit code 1 if anything would' },
    commit: { description: 'commit what was pulled, with a message that says what it means' },
  },
  examples: [
    { command: 'holdfast pull', shows: 'bring every catalogue up to its source' },
    { command: 'holdfast pull data-catalogue --check', shows: 'tell what would change' },
  ],
  document: async () => (await import('../documents/catalogues.js')).pullDocument,
  run: async (context, input) => (await import('../actions/pull.js')).pull(context, input),
});
