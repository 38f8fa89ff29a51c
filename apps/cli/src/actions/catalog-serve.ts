import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { driftEntryOf } from '@holdfast/catalog-diff';
import {
  createProxyMetrics,
  openCatalogProxy,
  serveProxyHttp,
  serveProxyStdio,
  type CatalogProxy,
  type PassedOn,
  type ProxyMetrics,
} from '@holdfast/catalog-proxy';
import { loadSources } from '@holdfast/catalog-diff/snapshots';
import { parseServers, type ServerAddress } from '@holdfast/mcp-client';
import type { CatalogFolders } from '../catalog/catalog-settings.js';
import { compareLive, logDrift } from '../catalog/compare-live.js';
import { openCatalog, type OpenCatalog } from '../catalog/open-catalog.js';
import { readNamedJson } from '../catalog/read-catalog-file.js';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { catalogStatus as statusCommand } from '../commands/catalog-status.js';
import { createLogger } from '../create-logger.js';
import { documentOf } from '../perform-command.js';
import { readVersion } from '../read-version.js';
import { renderServed } from '../render/catalog-serve.js';
import { catalogStatus } from './catalog-look.js';
import { planRender } from './catalog-render.js';

export interface ServeInput extends CatalogFolders {
  readonly servers: string;
  readonly server?: readonly string[];
  readonly useIntendedCatalog?: true;
  readonly emitLiveCatalog?: true;
  readonly lazy?: true;
  readonly pinDescriptions?: true;
  readonly passOn?: readonly string[];
  readonly http?: true;
  readonly port?: number;
  readonly host?: string;
  readonly allowHost?: readonly string[];
  readonly timeout?: number;
  readonly callTimeout?: number;
  readonly maxResult?: number;
  readonly check?: true;
}

/** `holdfast catalog serve`: one MCP server in place of many, until the client goes or a signal comes. */
export async function catalogServe(
  context: CommandContext,
  input: ServeInput,
): Promise<CommandResult> {
  const servers = await readServers(context, input);
  const catalog = openCatalog(context, input);
  if (input.check) return check(context, input, catalog, servers);
  const { surroundings } = context;
  const { settings } = catalog;
  const metrics = createProxyMetrics();
  const proxy = await open(context, input, catalog, {
    servers,
    metrics,
    useIntended: input.useIntendedCatalog === true || settings.useIntended,
    emitLive: input.emitLiveCatalog === true || settings.emitLive,
  });
  metrics.watch(() => proxy.state());
  const comparing = compareOnceWarm(context, input, proxy);
  const info = { name: 'holdfast-catalog', version: readVersion() };
  const given = surroundings.environment['HOLDFAST_CATALOG_TOKEN'];
  const token = given || randomBytes(24).toString('base64url');
  const listening =
    input.http || input.port !== undefined
      ? await serveProxyHttp(proxy, {
          info,
          port: input.port ?? 0,
          token,
          ...(input.host !== undefined && { host: input.host }),
          ...(input.allowHost !== undefined && { allowedHosts: input.allowHost }),
          diagnostics: () => diagnose(context, input, proxy),
          metrics,
          servesMcp: input.http === true,
        }).catch(async (error: Error) => {
          await proxy.close();
          throw new CliError('unwritable', `the proxy cannot listen: ${error.message}`, {
            blame: 'environment',
            hint: 'choose another --port or --host',
          });
        })
      : undefined;
  if (listening !== undefined) {
    const { url } = listening;
    const what = input.http ? `${url}/mcp, ` : '';
    surroundings.stderr.write(`Catalog proxy: ${what}${url}/diagnostics/catalog, ${url}/metrics\n`);
    if (!given) surroundings.stderr.write(`Token, for this run: ${token}\n`);
  }
  try {
    if (input.http) await aborted(surroundings.signal);
    else
      await serveProxyStdio(proxy, {
        stdin: surroundings.stdin,
        info,
        signal: surroundings.signal,
      });
  } finally {
    await listening?.close();
    await proxy.close();
    await comparing;
  }
  return { exitCode: 0, document: {}, text: () => '' };
}

/** What `GET /diagnostics/catalog` tells: the document of `catalog status`, and how the proxy stands. */
async function diagnose(
  context: CommandContext,
  input: CatalogFolders,
  proxy: CatalogProxy,
): Promise<object> {
  await proxy.flush();
  const status = await catalogStatus(context, foldersOf(input));
  return { ...documentOf(statusCommand, status), proxy: proxy.state() };
}

/** Once the servers have been heard, what is served is compared with what was intended, and a gap is logged. */
async function compareOnceWarm(
  context: CommandContext,
  input: CatalogFolders,
  proxy: CatalogProxy,
): Promise<void> {
  const { store, at } = openCatalog(context, input);
  const logger = serverLogger(context);
  try {
    await proxy.listTools();
    const intended = await store.read('intended-catalog');
    const live = proxy.live();
    if (intended === undefined || live === undefined) return;
    const comparison = await compareLive(store, intended, live);
    const entry = driftEntryOf(comparison, at);
    if (entry === undefined) return;
    logger.warn(
      { summary: entry.summary, gaps: entry.gaps },
      'what is served is not what was intended',
    );
    await logDrift(store, comparison, at);
  } catch (error) {
    logger.warn({ error: (error as Error).message }, 'served and intended could not be compared');
  }
}

async function open(
  context: CommandContext,
  input: ServeInput,
  { settings, store }: OpenCatalog,
  {
    servers,
    metrics,
    useIntended,
    emitLive,
  }: {
    readonly servers: ReadonlyMap<string, ServerAddress>;
    readonly metrics?: ProxyMetrics;
    readonly useIntended: boolean;
    readonly emitLive: boolean;
  },
): Promise<CatalogProxy> {
  const { root, configHome, thresholds } = settings;
  const logger = serverLogger(context);
  const { sources, findings } = await loadSources({ root, configHome });
  for (const { path, message } of findings)
    logger.warn({ path, problem: message }, 'configuration');
  return openCatalogProxy({
    servers,
    sources,
    store,
    clock: context.surroundings.clock,
    logger,
    clientInfo: { name: 'holdfast', version: readVersion() },
    useIntended,
    emitLive,
    isLazy: input.lazy === true,
    pinDescriptions: input.pinDescriptions === true,
    passOn: (input.passOn ?? []) as readonly PassedOn[],
    thresholds,
    ...(metrics !== undefined && { observer: metrics.observer }),
    ...(input.timeout !== undefined && { startTimeoutMs: input.timeout * 1000 }),
    ...(input.callTimeout !== undefined && { callTimeoutMs: input.callTimeout * 1000 }),
    ...(input.maxResult !== undefined && { maxResult: input.maxResult }),
  });
}

/** Captures, renders, starts again, and compares. */
async function check(
  context: CommandContext,
  input: ServeInput,
  catalog: OpenCatalog,
  servers: ReadonlyMap<string, ServerAddress>,
): Promise<CommandResult> {
  const { settings, store, at } = catalog;
  const first = await open(context, input, catalog, {
    servers,
    useIntended: false,
    emitLive: true,
  });
  try {
    await first.listTools();
  } finally {
    await first.close();
  }
  const planned = await planRender(catalog, { verify: true, allowStaleDescriptors: true });
  const errors = planned.findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) {
    await store.write('intended-catalog', planned.catalog);
    await store.write('tool-schema-status', planned.status);
  }
  const second = await open(context, input, catalog, {
    servers,
    useIntended: true,
    emitLive: true,
  });
  let listed: readonly object[];
  try {
    listed = (await second.listTools()).tools;
  } finally {
    await second.close();
  }
  const live = (await store.read('live-catalog'))!;
  const comparison = await compareLive(store, planned.catalog, live);
  await logDrift(store, comparison, at);
  const gaps = driftEntryOf(comparison, at)?.gaps ?? [];
  const written = live.tools.map(({ server: _, source: __, schemaSource: ___, ...tool }) => tool);
  const isListed = isDeepStrictEqual(JSON.parse(JSON.stringify(listed)), written);
  const outages = comparison.tools.filter(({ cause }) => cause?.kind === 'health').length;
  await store.update('verify-runs', (present) => ({
    schemaVersion: 1,
    kind: 'verify-runs',
    runs: [
      ...(present?.runs ?? []),
      {
        at,
        gaps: gaps.length,
        outages,
        failures: planned.status.tools.filter(({ state }) => state === 'failed').length,
        release: readVersion(),
      },
    ].slice(-200),
  }));
  const isDown = live.servers.some(({ health }) => health !== 'up');
  const isGapBad = (gaps.length > 0 || isDown) && !settings.allowLiveDrift;
  const isBad = errors.length > 0 || !isListed || (gaps.length > 0 && isGapBad);
  const document = {
    servers: live.servers,
    intended: planned.catalog.tools.length,
    live: live.tools.length,
    listed: isListed,
    gaps,
    findings: planned.findings,
  };
  return {
    exitCode: isBad ? 1 : isGapBad ? 3 : 0,
    document,
    text: () => renderServed(document, comparison),
  };
}

async function readServers(
  context: CommandContext,
  input: ServeInput,
): Promise<ReadonlyMap<string, ServerAddress>> {
  const reading = parseServers(await readNamedJson(context.surroundings.cwd, input.servers));
  if (reading.kind === 'refused')
    throw new CliError('bad-argument', `${input.servers}: ${reading.message}`);
  const unknown = input.server?.find((name) => !reading.servers.has(name));
  if (unknown !== undefined)
    throw new CliError('bad-argument', `${input.servers} has no server ${JSON.stringify(unknown)}`);
  for (const problem of reading.problems)
    serverLogger(context).warn({ file: input.servers, problem }, 'server left out');
  return new Map([...reading.servers].filter(([name]) => input.server?.includes(name) ?? true));
}

/** A server tells what it does, where a command would be quiet. */
function serverLogger(context: CommandContext) {
  const { logLevel } = context;
  return createLogger({ ...context, logLevel: logLevel === 'warn' ? 'info' : logLevel });
}

function foldersOf({ stateHome, configHome }: CatalogFolders): CatalogFolders {
  return {
    ...(stateHome !== undefined && { stateHome }),
    ...(configHome !== undefined && { configHome }),
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
}
