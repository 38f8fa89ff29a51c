import { defineCommand } from '../command.js';

export const init = defineCommand({
  name: 'init',
  summary: 'write holdfast.yaml and a first rule',
  group: 'Set up',
  effects: { readOnly: false, destructive: false, idempotent: false },
  options: {
    yes: { description: 'ask nothing, take what is proposed' },
    namespace: { value: 'name', description: 'the prefix of folders, branches and labels' },
    source: { value: 'glob', description: 'the files to deliver' },
    releaseTags: { value: 'pattern', description: 'the tags that are releases' },
    target: {
      value: 'name=location',
      description: 'a target: its name, and its path or URL',
      repeatable: true,
    },
    targetPath: { value: 'folder', description: 'the folder to deliver to' },
    from: {
      value: 'file',
      description: 'carry the sync.yml of repo-file-sync-action over',
      conflicts: ['source', 'releaseTags', 'target', 'targetPath'],
    },
  },
  examples: [
    {
      command: 'holdfast init',
      shows: 'look at the tags and the files, propose, ask, and write',
    },
    {
      command: 'holdfast init --yes --target org/webapp=../webapp.git',
      shows: 'deliver docs/ to a repository beside this one',
    },
    {
      command: 'holdfast init --from .github/sync.yml',
      shows: 'carry the configuration of repo-file-sync-action over',
    },
  ],
  document: async () => (await import('../documents/init.js')).initDocument,
  run: async (context, input) => (await import('../actions/init.js')).init(context, input),
});
