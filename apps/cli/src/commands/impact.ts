import { defineCommand } from '../command.js';
import { concurrencyOption, rulesArgument, targetOption } from './shared-parameters.js';

export const impact = defineCommand({
  name: 'impact',
  summary: 'show what merging a branch of the source would do to every target',
  group: 'Look',
  effects: { readOnly: false, destructive: false, idempotent: true },
  arguments: { rules: rulesArgument },
  options: {
    base: {
      value: 'branch',
      description: 'what would receive it; default: the branch of the source',
    },
    head: { value: 'branch', description: 'what would be merged', default: 'HEAD' },
    target: targetOption,
    concurrency: concurrencyOption,
    comment: {
      description: "keep one comment on the source's own request for it up to date",
    },
  },
  examples: [
    {
      command: 'holdfast impact --base main --head tidy-up',
      shows: 'who would get what, and who would be in conflict',
    },
    {
      command: 'holdfast impact --base main --head "$CI_COMMIT_SHA" --comment',
      shows: 'tell the reviewers, at every push',
    },
  ],
  document: async () => (await import('../documents/impact.js')).impactDocument,
  run: async (context, input) => (await import('../actions/impact.js')).impact(context, input),
});
