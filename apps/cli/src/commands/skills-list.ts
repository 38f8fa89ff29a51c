import { defineCommand } from '../command.js';
import { skillOptions } from './skill-parameters.js';

export const skillsList = defineCommand({
  name: 'skills list',
  summary: 'list the skills with a SYNC.json, and how their outputs stand',
  group: 'Skills',
  effects: { readOnly: true },
  options: skillOptions,
  examples: [{ command: 'holdfast skills list', shows: 'the skills that are found' }],
  document: async () => (await import('../documents/skills.js')).skillsDocument,
  run: async (context, input) =>
    (await import('../actions/skills-look.js')).listSkills(context, input),
});
