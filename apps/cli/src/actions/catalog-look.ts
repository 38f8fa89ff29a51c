import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { phases, stateOfPhase } from '@holdfast/catalog-diff/adopt';
import { compareCatalogs, nameOfTool, readCatalog, type ToolChange } from '@holdfast/catalog-diff';
import { overrideTool } from '@holdfast/catalog-diff/render';
import { loadSources, type StateStore } from '@holdfast/catalog-diff/snapshots';
import { catalogOf, compareLive } from '../catalog/compare-live.js';
import type { CatalogFolders } from '../catalog/catalog-settings.js';
import { openCatalog } from '../catalog/open-catalog.js';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import {
  renderList,
  renderPhase,
  renderStatuses,
  renderTimeline,
  renderWhy,
} from '../render/catalog.js';
import { exitCodeOfComparison, present, readBoth } from './catalog-diff.js';

export interface StatusInput extends CatalogFolders {
  readonly pendingOnly?: true;
  readonly phase?: true;
}

/** `holdfast catalog status`: how far each tool's schema has been adopted, or which phase is on. */
export async function catalogStatus(
  context: CommandContext,
  input: StatusInput,
): Promise<CommandResult> {
  const { settings, store } = openCatalog(context, input);
  if (input.phase) {
    const legacy = join(settings.stateHome, 'tool_overrides.json');
    const state = stateOfPhase({
      declared: settings.phase,
      emitLive: settings.emitLive,
      useIntended: settings.useIntended,
      runs: (await store.read('verify-runs'))?.runs ?? [],
      hasIntended: (await store.read('intended-catalog')) !== undefined,
      hasLive: (await store.read('live-catalog')) !== undefined,
      driftAt: (await store.readDrift()).map((entry) => entry.at),
      legacyFiles: existsSync(legacy) ? [legacy] : [],
      now: context.surroundings.clock(),
    });
    const switches = { emitLive: settings.emitLive, useIntended: settings.useIntended };
    return {
      exitCode: 0,
      document: { ...state, holds: state.holds ?? null, switches, phases },
      text: () => renderPhase(state, switches),
    };
  }
  const status = await store.read('tool-schema-status');
  const all = status?.tools ?? [];
  const tools = input.pendingOnly ? all.filter(({ state }) => state !== 'validated') : all;
  const failed = all.filter(({ state }) => state === 'failed').length;
  return {
    exitCode: failed > 0 ? 1 : 0,
    document: { renders: status?.renders ?? 0, settled: status?.settled.length ?? 0, tools },
    text: () =>
      renderStatuses(tools, {
        settled: status?.settled.length ?? 0,
        pendingOnly: input.pendingOnly === true,
      }),
  };
}

/** `holdfast catalog history`: how a tool changed over the retained captures. */
export async function catalogHistory(
  context: CommandContext,
  input: CatalogFolders & { readonly tool: string },
): Promise<CommandResult> {
  const { store } = openCatalog(context, input);
  const kept = await store.readRetained('live-descriptors');
  const entries = kept.map(({ path, artifact }) => ({
    path,
    at: artifact.capturedAt,
    catalog: catalogOf(artifact),
  }));
  const isMeant = (change: Pick<ToolChange, 'server' | 'name' | 'from'>): boolean =>
    change.name === input.tool || nameOfTool(change) === input.tool || change.from === input.tool;
  const timeline = entries.map(({ path, at, catalog }, index) => {
    const before = entries[index - 1];
    if (before === undefined) {
      const isThere = catalog.tools.some((tool) => isMeant(tool));
      return { path, at, changes: [] as ToolChange[], isThere };
    }
    const { tools } = compareCatalogs(before.catalog, catalog);
    const changes = tools.filter((tool) => tool.change !== 'same' && isMeant(tool));
    return { path, at, changes, isThere: catalog.tools.some((tool) => isMeant(tool)) };
  });
  if (!timeline.some(({ isThere, changes }) => isThere || changes.length > 0))
    throw new CliError(
      'bad-argument',
      `no retained capture has a tool ${JSON.stringify(input.tool)}`,
      {
        hint: 'holdfast catalog list shows the tools',
      },
    );
  const status = (await store.read('tool-schema-status'))?.tools.find(({ server, tool }) =>
    isMeant({ server, name: tool }),
  );
  return {
    exitCode: 0,
    document: { tool: input.tool, captures: timeline, status: status ?? null },
    text: () => renderTimeline(input.tool, timeline, status),
  };
}

export interface ListInput extends CatalogFolders {
  readonly liveCatalog?: true;
  readonly diffCatalogs?: true;
}

/** `holdfast catalog list`: the tools of the intended catalog, or of the live one. */
export async function catalogList(
  context: CommandContext,
  input: ListInput,
): Promise<CommandResult> {
  const { store } = openCatalog(context, input);
  if (input.diffCatalogs) {
    const { intended, live } = await readBoth(store);
    const comparison = await compareLive(store, intended, live);
    return {
      ...present(comparison, { failOn: 'any', format: 'text' }, 'live_catalog.json'),
      exitCode: exitCodeOfComparison(comparison, 'any'),
    };
  }
  const tools = await listed(store, input.liveCatalog === true);
  return {
    exitCode: 0,
    document: { catalog: input.liveCatalog ? 'live' : 'intended', tools },
    text: () => renderList(tools),
  };
}

async function listed(
  store: StateStore,
  isLive: boolean,
): Promise<{ server?: string; name: string; title?: string; description?: string }[]> {
  const kind = isLive ? 'live-catalog' : 'intended-catalog';
  const artifact = await store.read(kind);
  if (artifact === undefined)
    throw new CliError('file-missing', `there is no ${store.pathOf(kind)}`, {
      hint: isLive ? 'the proxy writes it' : 'run holdfast catalog render',
    });
  const reading = readCatalog(artifact);
  if (reading.kind === 'refused') throw new CliError('bad-argument', reading.message);
  return reading.catalog.tools.map(({ server, name, title, description }) => ({
    ...(server !== undefined && { server }),
    name,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
  }));
}

/** `holdfast catalog why`: which files made a tool what it is in the intended catalog. */
export async function catalogWhy(
  context: CommandContext,
  input: CatalogFolders & { readonly tool: string },
): Promise<CommandResult> {
  const { settings, store } = openCatalog(context, input);
  const { sources, findings } = await loadSources({
    root: settings.root,
    configHome: settings.configHome,
  });
  const descriptors = await store.read('live-descriptors');
  const intended = await store.read('intended-catalog');
  const meant = (server: string, name: string): boolean =>
    name === input.tool || `${server}/${name}` === input.tool;
  const found = (descriptors?.servers ?? []).flatMap(({ name: server, tools, health }) =>
    tools
      .filter((tool) => {
        const { name } = (tool ?? {}) as { name?: string };
        if (name === undefined) return false;
        const shown = intended?.tools.find(
          (one) => one.source?.server === server && one.source.tool === name,
        );
        return meant(server, name) || (shown !== undefined && meant(shown.server, shown.name));
      })
      .map((tool) => {
        const { name } = tool as { name: string };
        const { enabled, origins, tool: overridden } = overrideTool(server, tool as never, sources);
        const hiddenBy = intended?.hidden.find((one) => one.server === server && one.tool === name);
        return {
          server,
          tool: name,
          name: overridden.name,
          health,
          enabled,
          hidden: hiddenBy !== undefined,
          ...(hiddenBy?.reason !== undefined && { reason: hiddenBy.reason }),
          origins,
        };
      }),
  );
  const aggregates = sources.flatMap(({ origin, aggregations }) =>
    (aggregations?.aggregations ?? [])
      .filter(({ name }) => name === input.tool || input.tool.endsWith(`/${name}`))
      .map(({ name, operations }) => ({
        name,
        origin,
        operations: operations.map(({ value }) => value),
      })),
  );
  if (found.length + aggregates.length === 0)
    throw new CliError(
      'bad-argument',
      `no server or aggregation has a tool ${JSON.stringify(input.tool)}`,
      {
        hint: 'holdfast catalog list shows the tools; capture the servers if they are new',
      },
    );
  return {
    exitCode: findings.some(({ severity }) => severity === 'error') ? 1 : 0,
    document: { tools: found, aggregates, sources: sources.map(({ origin }) => origin), findings },
    text: () =>
      renderWhy(
        found,
        aggregates,
        sources.map(({ origin }) => origin),
      ),
  };
}
