import { defineCommand } from '../command.js';
import { skillOptions, timeoutOption } from './skill-parameters.js';

export const skillsWatch = defineCommand({
  name: 'skills watch',
  summary: 'generate after each change of the store, until it is interrupted',
  group: 'Skills',
  tool: false,
  effects: { readOnly: false, destructive: true, idempotent: true },
  options: {
    debounce: {
      value: 'milliseconds',
      description: 'how long the store is quiet when a burst of changes is over; default: 500',
      minimum: 0,
    },
    every: {
      value: 'seconds',
      description: 'look also without a change, for what was missed; default: not',
      minimum: 1,
    },
    timeout: timeoutOption,
    ...skillOptions,
  },
  document: async () => (await import('../documents/skills.js')).watchedDocument,
  run: async (context, input) => (await import('../actions/skills-watch.js')).watch(context, input),
});
