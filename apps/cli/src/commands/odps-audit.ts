import { defineCommand } from '../command.js';
import { odpsFolder, odpsPlatform } from './odps-parameters.js';

export const odpsAudit = defineCommand({
  name: 'odps audit',
  summary: 'judge a dbt project as a data product',
  group: 'Check files',
  effects: { readOnly: true },
  arguments: { folder: odpsFolder },
  options: {
    ...odpsPlatform,
    base: {
      value: 'revision',
      description: 'find changes of contracts since there that break consumers',
    },
    baseline: { value: 'file', description: 'let pass what this file lists' },
    writeBaseline: { description: 'write all that is found into the baseline, to begin green' },
    format: {
      value: 'format',
      description: 'the form of the report',
      choices: ['text', 'markdown', 'sarif', 'junit'],
      default: 'text',
    },
    out: { value: 'file', description: 'save the report there, and print it as text' },
  },
  examples: [
    { command: 'holdfast odps audit --offline', shows: 'what the files say, without the platform' },
    {
      command: 'holdfast odps audit --base origin/main --format sarif --out odps.sarif',
      shows: 'in CI: also what would break the consumers of a contract',
    },
  ],
  document: async () => (await import('../documents/odps.js')).odpsAuditDocument,
  run: async (context, input) =>
    (await import('../actions/odps-audit.js')).auditOdps(context, input),
});
