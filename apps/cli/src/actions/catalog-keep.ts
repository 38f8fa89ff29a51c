import { adopt, emptyStatus, pruneStatus } from '@holdfast/catalog-diff/adopt';
import type { SchemaStatus, ToolStatus } from '@holdfast/catalog-diff/snapshots';
import type { CatalogFolders } from '../catalog/catalog-settings.js';
import { openCatalog } from '../catalog/open-catalog.js';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';

/** `holdfast catalog prune`: brings what is kept down to what retention says. */
export async function catalogPrune(
  context: CommandContext,
  input: CatalogFolders,
): Promise<CommandResult> {
  const { settings, store } = openCatalog(context, input);
  const removed = await store.prune();
  const before = (await store.read('tool-schema-status')) ?? emptyStatus();
  const { status, pruned } = pruneStatus(before, { after: settings.settleAfter });
  if (pruned.length > 0) {
    await store.archiveStatus(before);
    await store.write('tool-schema-status', status);
  }
  return {
    exitCode: 0,
    document: { removed, settled: pruned.map(({ server, tool }) => `${server}/${tool}`) },
    text: () =>
      `Removed ${removed.length} ${removed.length === 1 ? 'file' : 'files'}, settled ${pruned.length} ${pruned.length === 1 ? 'schema' : 'schemas'}.\n`,
  };
}

/** `holdfast catalog approve`: a person takes a tool's schema, or has it tried anew. */
export async function catalogApprove(
  context: CommandContext,
  input: CatalogFolders & { readonly tool: string; readonly retry?: true },
): Promise<CommandResult> {
  const { store, at } = openCatalog(context, input);
  let changed: ToolStatus | undefined;
  await store.update('tool-schema-status', (present = emptyStatus()): SchemaStatus => {
    const meant = present.tools.filter(
      ({ server, tool }) => tool === input.tool || `${server}/${tool}` === input.tool,
    );
    if (meant.length === 0)
      throw new CliError('bad-argument', `no tool ${JSON.stringify(input.tool)} is being adopted`, {
        hint: 'holdfast catalog status lists them',
      });
    if (meant.length > 1)
      throw new CliError(
        'bad-argument',
        `${JSON.stringify(input.tool)} is a tool of ${meant.map(({ server }) => server).join(' and ')}; say server/tool`,
      );
    const [before] = meant;
    const event = { kind: input.retry ? 'retried' : 'approved', at } as const;
    changed = adopt(before!, before, event).status;
    return { ...present, tools: present.tools.map((tool) => (tool === before ? changed! : tool)) };
  });
  const { server, tool, state } = changed!;
  return {
    exitCode: 0,
    document: { tool: changed },
    text: () => `${server}/${tool} is ${state} now; the next render goes by it.\n`,
  };
}
