import { defineCommand } from '../command.js';

export const initCatalogue = defineCommand({
  name: 'init catalogue',
  summary: 'write the section of a catalogue into holdfast.yaml',
  group: 'Set up',
  effects: { readOnly: false, destructive: false, idempotent: false },
  arguments: { name: { description: 'what to call the catalogue' } },
  options: {
    repo: { value: 'location', description: 'the path or URL of its source', required: true },
    branch: { value: 'branch', description: 'the branch to follow; default: the default branch' },
    root: { value: 'folder', description: 'where it lies here; default: its name' },
    scripts: { description: 'also write scripts/sync/*.sh, one line each' },
    agent: { description: 'also write the /sync-catalogue command for agents' },
  },
  examples: [
    {
      command:
        'holdfast init catalogue data-catalogue --repo https://github.com/we-money/brightmatch-data-catalogue.git --root .claude/skills/data-catalogue --scripts --agent',
      shows: 'pull a data catalogue into a skill, with scripts and a command for agents',
    },
  ],
  document: async () => (await import('../documents/files.js')).initCatalogueDocument,
  run: async (context, input) =>
    (await import('../actions/init-catalogue.js')).initCatalogue(context, input),
});
