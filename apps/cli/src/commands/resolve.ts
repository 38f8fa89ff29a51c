import { defineCommand } from '../command.js';
import { pathArgument } from './shared-parameters.js';

export const resolve = defineCommand({
  name: 'resolve',
  summary: 'finish a conflict, and record why',
  group: 'Distribute',
  effects: { readOnly: false, destructive: true, idempotent: false },
  arguments: { path: pathArgument },
  options: {
    decision: {
      value: 'text',
      description: 'what was decided and why, for DECISIONS.md',
      required: true,
    },
    ours: { description: 'take the side of the target', conflicts: ['theirs', 'file'] },
    theirs: { description: 'take the side of the release', conflicts: ['file'] },
    file: { value: 'file', description: 'take the content of this file' },
    by: { value: 'name', description: "who decided; default: git's user.name" },
    target: {
      value: 'name',
      description: 'in this target; default: the work tree around, or the only one in conflict',
    },
    yes: {
      description: 'ask nothing: commit also to the branch itself where no request is open',
    },
    withFindings: { description: 'take the decision although a check of it fails' },
  },
  examples: [
    {
      command: 'holdfast resolve docs/guide.md --ours --decision "our limits are lower"',
      shows: 'keep what the target wrote',
    },
    {
      command: 'holdfast resolve docs/guide.md --decision "both rules, theirs first"',
      shows: 'in a clone, with the request checked out: take the file as it was edited',
    },
  ],
  document: async () => (await import('../documents/resolve.js')).resolveDocument,
  run: async (context, input) => (await import('../actions/resolve.js')).resolve(context, input),
});
