import { defineCommand } from '../command.js';
import { catalogueArgument } from './catalogue-parameters.js';

export const push = defineCommand({
  name: 'push',
  summary: "bring a catalogue's local edits back to its source, as a change request",
  group: 'Catalogues',
  effects: { readOnly: false, destructive: false, idempotent: true },
  arguments: { catalogue: catalogueArgument },
  options: {
    message: { value: 'text', description: 'the title of the request; default: what changed' },
    yes: { description: 'do not ask' },
    dryRun: { description: 'only tell what would be pushed' },
  },
  examples: [
    { command: 'holdfast push data-catalogue --dry-run', shows: 'tell what would be pushed' },
    {
      command: 'holdfast push --message "Narrow amount to integer" --yes',
      shows: 'open or update the change request',
    },
  ],
  document: async () => (await import('../documents/catalogues.js')).pushDocument,
  run: async (context, input) => (await import('../actions/push.js')).push(context, input),
});
