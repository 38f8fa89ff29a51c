import { defineCommand } from '../command.js';
import { targetOption } from './shared-parameters.js';

export const push = defineCommand({
  name: 'push',
  summary:
    'bring edits of a catalogue, or of delivered files, back to the source as a change request',
  group: 'Catalogues',
  effects: { readOnly: false, destructive: false, idempotent: true },
  arguments: {
    name: {
      description: 'a catalogue, or a rule that says direction: both; default: the only one',
      optional: true,
    },
  },
  options: {
    message: { value: 'text', description: 'the title of the request; default: what changed' },
    target: targetOption,
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
