import { defineCommand } from '../command.js';
import { runRulesArgument, selectionOptions } from './shared-parameters.js';

export const plan = defineCommand({
  name: 'plan',
  summary: 'show what would change in each target',
  group: 'Distribute',
  effects: { readOnly: true },
  arguments: { rules: runRulesArgument },
  options: {
    ...selectionOptions,
    diff: { description: 'show the changes line by line' },
    exitCode: { description: 'exit with 1 when something would change' },
    out: { value: 'file', description: 'save the plan, for sync --plan' },
  },
  examples: [
    { command: 'holdfast plan --diff', shows: 'what the newest release would change, by line' },
    {
      command: 'holdfast plan --release v1.4.0 --out plan.json',
      shows: 'save the plan of a release, to apply exactly that',
    },
    {
      command: 'holdfast plan --exit-code --quiet',
      shows: 'tell a script, by 0 or 1, whether there is something to do',
    },
  ],
  document: async () => (await import('../documents/plan.js')).planDocument,
  run: async (context, input) => (await import('../actions/plan.js')).plan(context, input),
});
