import { defineCommand } from '../command.js';

export const odpsCheck = defineCommand({
  name: 'odps check',
  summary: 'judge single files of a data product by content and name',
  group: 'Check files',
  effects: { readOnly: true },
  arguments: {
    files: {
      description: 'ODPS, ODCS, openlineage.yml, dbt_project.yml, workflows',
      repeatable: true,
    },
  },
  examples: [
    {
      command: 'holdfast odps check shop.odps.yaml models/output_ports/v1/*.odcs.yaml',
      shows: 'each file against the version of its standard that it declares',
    },
  ],
  document: async () => (await import('../documents/odps.js')).odpsCheckDocument,
  run: async (context, input) =>
    (await import('../actions/odps-check.js')).checkOdps(context, input),
});
