import { defineCommand } from '../command.js';
import { skillOption, skillOptions, timeoutOption } from './skill-parameters.js';

export const skillsGenerate = defineCommand({
  name: 'skills generate',
  summary: 'render what changed, or say with --check what would change',
  group: 'Skills',
  effects: { readOnly: false, destructive: true, idempotent: true },
  options: {
    skill: { ...skillOption, conflicts: ['all'] },
    all: { description: 'every skill with a SYNC.json; one that fails does not stop the rest' },
    check: {
      description: 'write nothing; exit code 1 when an output is stale or edited',
      conflicts: ['force'],
    },
    force: { description: 'overwrite what was edited by hand, and make again what is current' },
    jobs: {
      value: 'number',
      description: 'how many generators run at a time; default: one a processor',
      minimum: 1,
    },
    timeout: timeoutOption,
    ...skillOptions,
  },
  examples: [
    { command: 'holdfast skills generate --skill structured-notes', shows: 'one skill' },
    { command: 'holdfast skills generate --all --check', shows: 'in CI or a hook' },
  ],
  document: async () => (await import('../documents/skills.js')).generatedDocument,
  run: async (context, input) =>
    (await import('../actions/skills-generate.js')).generate(context, input),
});
