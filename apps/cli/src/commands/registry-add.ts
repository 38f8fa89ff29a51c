import { defineCommand } from '../command.js';

export const registryAdd = defineCommand({
  name: 'registry add',
  summary: 'add a repository: write its target and rule, and open its first request',
  group: 'Distribute',
  effects: { readOnly: false, destructive: false, idempotent: false },
  arguments: { repo: { description: 'the name of the target, like org/webapp' } },
  options: {
    rule: {
      value: 'id',
      description: 'the rule that delivers to it: a new one, or one that lists its targets',
      required: true,
    },
    url: { value: 'url', description: 'its path or URL; default: github.com and its name' },
    branch: { value: 'name', description: 'the branch to deliver to; default: its own' },
    forge: {
      value: 'kind',
      description: 'where its change requests live; default: by the URL',
      choices: ['embedded', 'github', 'gitlab', 'forgejo'],
    },
    source: { value: 'glob', description: 'of a new rule: the files that it delivers' },
    targetPath: { value: 'folder', description: 'of a new rule: where they are delivered to' },
  },
  examples: [
    {
      command:
        'holdfast registry add org/webapp --rule webapp-docs --source "docs/**" --target-path docs/upstream',
      shows: 'a rule of its own: copy, and by hand until you set its frequency',
    },
    {
      command: 'holdfast registry add org/api --rule docs --url ../api.git',
      shows: 'one more target of a rule that is there',
    },
  ],
  document: async () => (await import('../documents/registry.js')).registryAddDocument,
  run: async (context, input) => (await import('../actions/registry.js')).add(context, input),
});
