import { checkIds } from '../check-ids.js';
import { defineCommand } from '../command.js';

export const validate = defineCommand({
  name: 'validate',
  summary: 'run the checks on files, staged content or commits',
  group: 'Check files',
  effects: { readOnly: true },
  arguments: {
    paths: {
      description:
        'files, folders or quoted patterns, !pattern to leave out; default: the work tree',
      optional: true,
      repeatable: true,
    },
  },
  options: {
    changed: {
      description: 'only what differs from HEAD, new files included',
      conflicts: ['staged', 'from', 'to'],
    },
    staged: { description: 'only what is staged, as it is staged', conflicts: ['from', 'to'] },
    from: { value: 'revision', description: 'only what changed since the commits parted' },
    to: { value: 'revision', description: 'the files of this commit; default with --from: HEAD' },
    schemas: {
      value: 'folder',
      description: 'JSON Schemas that files may name',
      repeatable: true,
    },
    check: { value: 'id', description: 'only this check', choices: checkIds, repeatable: true },
    skip: { value: 'id', description: 'not this check', choices: checkIds, repeatable: true },
    format: {
      value: 'format',
      description: 'the form of the report',
      choices: ['text', 'json', 'yaml', 'markdown', 'sarif', 'junit'],
      default: 'text',
    },
    out: { value: 'file', description: 'save the report there, and print it as text' },
    deny: {
      value: 'pattern',
      description: 'an RE2 pattern that must match nowhere',
      repeatable: true,
    },
    allow: {
      value: 'fingerprint',
      description: 'let this finding of the secret scan pass',
      repeatable: true,
    },
    maxWarnings: { value: 'number', description: 'exit with 1 if there are more', minimum: 0 },
    live: {
      description: 'also send each model to the endpoint of the configuration',
      conflicts: ['offline'],
    },
    offline: { description: 'ask no endpoint, not even that of a catalogue' },
  },
  examples: [
    { command: 'holdfast validate --staged', shows: 'what the next commit would bring' },
    {
      command: 'holdfast validate --from origin/main --format sarif --out report.sarif',
      shows: 'what a branch changed, as a report for CI',
    },
  ],
  document: async () => (await import('../documents/files.js')).validateDocument,
  run: async (context, input) => (await import('../actions/validate.js')).validate(context, input),
});
