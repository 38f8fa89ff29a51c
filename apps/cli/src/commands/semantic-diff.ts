import { defineCommand } from '../command.js';

export const semanticDiff = defineCommand({
  name: 'semantic-diff',
  summary: 'tell what changed in the meaning of a catalogue, not in its files',
  group: 'Catalogues',
  effects: { readOnly: true },
  arguments: {
    from: {
      description: 'pulled, here, remote, or a revision of the source; default: pulled',
      optional: true,
    },
    to: {
      description: 'the same; default: here',
      optional: true,
    },
  },
  options: {
    catalogue: { value: 'name', description: 'which catalogue; default: the only one' },
  },
  examples: [
    { command: 'holdfast semantic-diff', shows: 'what the local edits mean' },
    { command: 'holdfast semantic-diff pulled remote', shows: 'what a pull would bring' },
    { command: 'holdfast semantic-diff v1.0 v1.1', shows: 'between two revisions of the source' },
  ],
  document: async () => (await import('../documents/catalogues.js')).semanticDiffDocument,
  run: async (context, input) =>
    (await import('../actions/semantic-diff.js')).semanticDiff(context, input),
});
