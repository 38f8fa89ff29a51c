import { defineCommand } from '../command.js';
import { pathArgument, targetOption } from './shared-parameters.js';

export const why = defineCommand({
  name: 'why',
  summary: 'tell where a delivered file comes from',
  group: 'Look',
  effects: { readOnly: true },
  arguments: { path: pathArgument },
  options: { target: targetOption },
  examples: [
    {
      command: 'holdfast why docs/guide.md --target org/webapp',
      shows: 'which source file, commit, rule and override made these bytes',
    },
  ],
  document: async () => (await import('../documents/look.js')).whyDocument,
  run: async (context, input) => (await import('../actions/why.js')).why(context, input),
});
