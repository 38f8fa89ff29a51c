import { defineCommand } from '../command.js';

export const version = defineCommand({
  name: 'version',
  summary: 'print the version',
  group: 'Set up',
  effects: { readOnly: true },
  tool: false,
  examples: [{ command: 'holdfast version --json', shows: 'the versions that a report needs' }],
  document: async () => (await import('../documents/version.js')).versionDocument,
  run: async (context) => (await import('../actions/version.js')).version(context),
});
