import { adoptAll, emptyStatus, pruneStatus, renderedEvents } from '@holdfast/catalog-diff/adopt';
import {
  keepAdopted,
  renderCatalog,
  verifyCatalog,
  type RenderSource,
} from '@holdfast/catalog-diff/render';
import { loadSources, serialize, type LiveDescriptors } from '@holdfast/catalog-diff/snapshots';
import { compareLive, logDrift } from '../catalog/compare-live.js';
import type { CatalogFolders } from '../catalog/catalog-settings.js';
import { openCatalog, type OpenCatalog } from '../catalog/open-catalog.js';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { renderRendered } from '../render/catalog.js';
import type { PlannedRender } from '../render/planned-render.js';

export interface RenderInput extends CatalogFolders {
  readonly verify?: true;
  readonly allowStaleDescriptors?: true;
}

/** `holdfast catalog render`: the intended catalog from the configuration and what the servers offer. */
export async function render(context: CommandContext, input: RenderInput): Promise<CommandResult> {
  const catalog = openCatalog(context, input);
  const { store, at } = catalog;
  const planned = await planRender(catalog, input);
  const previous = await store.read('intended-catalog').catch(() => undefined);
  const isChanged = previous === undefined || serialize(previous) !== serialize(planned.catalog);
  const isRefused = planned.findings.some(({ severity }) => severity === 'error');
  if (isChanged && !isRefused) await store.write('intended-catalog', planned.catalog);
  if (!isRefused) {
    const before = await store.read('tool-schema-status').catch(() => undefined);
    if (planned.pruned > 0 && before !== undefined) await store.archiveStatus(before);
    await store.write('tool-schema-status', planned.status);
  }
  const live = await store.read('live-catalog');
  const comparison = live && (await compareLive(store, planned.catalog, live));
  const hasGap = comparison !== undefined && (await logDrift(store, comparison, at));
  await store.prune();
  return {
    exitCode: isRefused || hasGap ? 1 : 0,
    document: {
      path: store.pathOf('intended-catalog'),
      written: isChanged && !isRefused,
      tools: planned.catalog.tools.length,
      hidden: planned.catalog.hidden.length,
      disabled: planned.catalog.disabled.length,
      pending: planned.status.tools.filter(({ state }) => state === 'pending').length,
      failed: planned.status.tools.filter(({ state }) => state === 'failed').length,
      findings: planned.findings,
      ...(comparison !== undefined && { drift: comparison.summary }),
    },
    text: () =>
      renderRendered(planned, {
        isChanged,
        isRefused,
        path: store.pathOf('intended-catalog'),
        comparison,
      }),
  };
}

/** Renders the catalog and works out the status, without writing. */
export async function planRender(
  { settings, store, at }: OpenCatalog,
  { verify, allowStaleDescriptors }: Pick<RenderInput, 'verify' | 'allowStaleDescriptors'>,
): Promise<PlannedRender> {
  const descriptors = await freshDescriptors(
    { settings, store, at },
    allowStaleDescriptors === true || settings.allowStaleDescriptors,
  );
  const { sources, findings: loading } = await loadSources({
    root: settings.root,
    configHome: settings.configHome,
  });
  const rendering = renderCatalog(sources, descriptors);
  const before = (await store.read('tool-schema-status')) ?? emptyStatus();
  const locked = lockedTools(sources);
  const adopted = adoptAll(
    { ...before, renders: before.renders + 1 },
    renderedEvents(descriptors, {
      at,
      isLocked: (server, tool) => locked.has(`${server}/${tool}`) || locked.has(tool),
    }),
    settings.thresholds,
  ).status;
  const { status, pruned } = pruneStatus(adopted, { after: settings.settleAfter });
  const previous = await store.read('intended-catalog').catch(() => undefined);
  const catalog = keepAdopted(rendering.catalog, previous, adopted);
  const checks = verify === true ? verifyCatalog(catalog, sources, descriptors) : [];
  return {
    catalog,
    status,
    pruned: pruned.length,
    findings: [...loading, ...rendering.findings, ...checks],
    sources,
    descriptors,
  };
}

/** The tools behind aggregates whose schema is locked. */
function lockedTools(sources: readonly RenderSource[]): Set<string> {
  const locked = sources.flatMap(({ aggregations }) =>
    (aggregations?.aggregations ?? [])
      .filter(({ lockSchema }) => lockSchema === true)
      .flatMap(({ operations }) =>
        operations.map(({ downstreamServer, downstreamTool }) =>
          downstreamServer === undefined ? downstreamTool : `${downstreamServer}/${downstreamTool}`,
        ),
      ),
  );
  return new Set(locked);
}

async function freshDescriptors(
  { settings, store, at }: OpenCatalog,
  isStaleAllowed: boolean,
): Promise<LiveDescriptors> {
  const descriptors = await store.read('live-descriptors');
  const hint = 'run holdfast catalog capture --servers FILE, or pass --allow-stale-descriptors';
  if (descriptors === undefined) {
    if (isStaleAllowed)
      return { schemaVersion: 1, kind: 'live-descriptors', capturedAt: at, servers: [] };
    throw new CliError('file-missing', `there are no live descriptors in ${settings.stateHome}`, {
      hint,
    });
  }
  const age = (Date.parse(at) - Date.parse(descriptors.capturedAt)) / 3_600_000;
  if (age > settings.descriptorMaxAgeHours && !isStaleAllowed)
    throw new CliError(
      'bad-argument',
      `${store.pathOf('live-descriptors')}: the descriptors are ${Math.floor(age)} hours old, of at most ${settings.descriptorMaxAgeHours}`,
      { hint },
    );
  return descriptors;
}
