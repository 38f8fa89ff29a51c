import { defineCommand } from '../command.js';
import { skillOptions, timeoutOption } from './skill-parameters.js';

export const skillsAbsorb = defineCommand({
  name: 'skills absorb',
  summary: 'take edits of the Markdown back into the state; shows the plan, or --yes',
  group: 'Skills',
  effects: { readOnly: false, destructive: true, idempotent: true },
  arguments: { name: { description: 'the name of the skill' } },
  options: {
    yes: { description: 'apply the plan, and generate' },
    timeout: timeoutOption,
    ...skillOptions,
  },
  document: async () => (await import('../documents/skills.js')).absorbedDocument,
  run: async (context, input) =>
    (await import('../actions/skills-absorb.js')).absorb(context, input),
});
