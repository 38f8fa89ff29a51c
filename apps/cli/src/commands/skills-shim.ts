import { defineCommand } from '../command.js';
import { skillOptions } from './skill-parameters.js';

export const skillsShim = defineCommand({
  name: 'skills shim',
  summary: 'write an ambrogioctl that leads to holdfast, for scripts that call it',
  group: 'Skills',
  effects: { readOnly: false, destructive: false, idempotent: true },
  arguments: { folder: { description: 'where; the folder is made, and belongs first in PATH' } },
  options: skillOptions,
  document: async () => (await import('../documents/skills.js')).shimDocument,
  run: async (context, input) => (await import('../actions/skills-shim.js')).shim(context, input),
});
