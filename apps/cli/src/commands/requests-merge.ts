import { defineCommand } from '../command.js';
import { requestArguments } from './shared-parameters.js';

export const requestsMerge = defineCommand({
  name: 'requests merge',
  summary: 'merge a change request, or all that can be',
  group: 'Change requests',
  effects: { readOnly: false, destructive: true, idempotent: false },
  arguments: requestArguments,
  options: {
    all: { description: 'every open request of Holdfast, in all targets or the named one' },
    onlyGreen: {
      description:
        'with --all: only where the forge says that it can be merged and no check failed',
    },
    withConflicts: {
      description: 'merge although files of it wait for someone to decide a conflict',
    },
    method: {
      value: 'method',
      description: 'how; default: as the configuration says, else merge',
      choices: ['merge', 'squash'],
    },
  },
  examples: [
    { command: 'holdfast requests merge org/webapp', shows: 'the only open request of a target' },
    { command: 'holdfast requests merge --all --only-green', shows: 'what needs nobody to look' },
  ],
  document: async () => (await import('../documents/requests.js')).requestsMergeDocument,
  run: async (context, input) =>
    (await import('../actions/requests.js')).mergeRequest(context, input),
});
