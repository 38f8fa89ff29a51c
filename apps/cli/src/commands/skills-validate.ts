import { defineCommand } from '../command.js';
import { skillOption, skillOptions } from './skill-parameters.js';

export const skillsValidate = defineCommand({
  name: 'skills validate',
  summary: 'check manifests, generators, outputs and who may write them',
  group: 'Skills',
  effects: { readOnly: true },
  options: { skill: skillOption, ...skillOptions },
  examples: [{ command: 'holdfast skills validate', shows: 'whether each skill is well formed' }],
  document: async () => (await import('../documents/skills.js')).validatedDocument,
  run: async (context, input) =>
    (await import('../actions/skills-look.js')).validateSkills(context, input),
});
