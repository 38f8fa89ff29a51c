import { defineCommand } from '../command.js';
import { pathArgument } from './shared-parameters.js';

export const override = defineCommand({
  name: 'override',
  summary: "keep a target's own version of a delivered file",
  group: 'Distribute',
  effects: { readOnly: false, destructive: false, idempotent: true },
  arguments: { path: pathArgument },
  options: {
    target: {
      value: 'name',
      description: 'only say where the override of this target would be; default: make it here',
    },
  },
  examples: [
    {
      command: 'holdfast override docs/guide.md',
      shows: 'in a clone of a target: copy the file to where its override is looked for',
    },
    {
      command: 'holdfast override docs/guide.md --target org/webapp',
      shows: 'beside holdfast.yaml: where that is',
    },
  ],
  document: async () => (await import('../documents/override.js')).overrideDocument,
  run: async (context, input) => (await import('../actions/override.js')).override(context, input),
});
