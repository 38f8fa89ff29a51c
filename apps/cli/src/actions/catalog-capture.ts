import {
  captureServer,
  parseServers,
  type CapturedServer,
  type ServerAddress,
} from '@holdfast/mcp-client';
import {
  hashTools,
  type DescribedServer,
  type LiveDescriptors,
  type StateStore,
} from '@holdfast/catalog-diff/snapshots';
import { readNamedJson } from '../catalog/read-catalog-file.js';
import { openCatalog } from '../catalog/open-catalog.js';
import type { CatalogFolders } from '../catalog/catalog-settings.js';
import { CliError } from '../cli-error.js';
import type { CommandContext, CommandResult } from '../command-result.js';
import { renderCapture } from '../render/catalog.js';

export interface CaptureInput extends CatalogFolders {
  readonly servers: string;
  readonly server?: readonly string[];
  readonly timeout?: number;
  readonly capability?: readonly string[];
}

/** What a client of today can do; some servers offer tools only to it. */
const usualCapabilities = ['roots', 'sampling', 'elicitation'];
const maxAtOnce = 4;

/** `holdfast catalog capture`: asks every server for its tools, and keeps what came. */
export async function capture(
  context: CommandContext,
  input: CaptureInput,
): Promise<CommandResult> {
  const { store, at } = openCatalog(context, input);
  const { descriptors, problems } = await captureServers(context, input, store, at);
  const path = await store.write('live-descriptors', descriptors);
  const isWhole =
    descriptors.servers.every(({ health }) => health === 'up') && problems.length === 0;
  return {
    exitCode: isWhole ? 0 : 3,
    document: {
      path,
      servers: descriptors.servers.map(({ tools, hashes: _, ...server }) => ({
        ...server,
        tools: tools.length,
      })),
      problems,
    },
    text: () => renderCapture(descriptors, problems, path),
  };
}

/** Asks the servers of a file, some at once. Of one that does not answer the tools of the capture before are kept. */
export async function captureServers(
  context: CommandContext,
  input: Omit<CaptureInput, keyof CatalogFolders>,
  store: StateStore,
  at: string,
): Promise<{ descriptors: LiveDescriptors; problems: readonly string[] }> {
  const { cwd, signal } = context.surroundings;
  const reading = parseServers(await readNamedJson(cwd, input.servers));
  if (reading.kind === 'refused')
    throw new CliError('bad-argument', `${input.servers}: ${reading.message}`);
  const unknown = input.server?.find((name) => !reading.servers.has(name));
  if (unknown !== undefined)
    throw new CliError('bad-argument', `${input.servers} has no server ${JSON.stringify(unknown)}`);
  const wanted = [...reading.servers].filter(([name]) => input.server?.includes(name) ?? true);
  const names = input.capability ?? usualCapabilities;
  const capabilities = Object.fromEntries(
    names.filter((name) => name !== 'none').map((name) => [name, {}]),
  );
  const captured = await mapLimited(wanted, ([name, address]: [string, ServerAddress]) =>
    captureServer(name, address, {
      timeoutMs: (input.timeout ?? 15) * 1000,
      capabilities,
      signal,
    }),
  );
  const before = await store.read('live-descriptors').catch(() => undefined);
  const kept = (before?.servers ?? []).filter(
    ({ name }) => input.server !== undefined && !captured.some((one) => one.name === name),
  );
  const servers = captured.map((one) => describe(one, before));
  return {
    descriptors: {
      schemaVersion: 1,
      kind: 'live-descriptors',
      capturedAt: at,
      servers: [...kept, ...servers].sort((left, right) => (left.name < right.name ? -1 : 1)),
    },
    problems: reading.problems,
  };
}

function describe(captured: CapturedServer, before: LiveDescriptors | undefined): DescribedServer {
  const known = before?.servers.find(({ name }) => name === captured.name);
  const isGone = captured.tools.length === 0 && captured.health !== 'up';
  const tools = (
    isGone && known !== undefined ? known.tools : captured.tools
  ) as DescribedServer['tools'];
  const problems =
    isGone && tools.length > 0
      ? [...captured.problems, `its ${tools.length} tools are those of an earlier capture`]
      : [...captured.problems];
  return { ...captured, tools, problems, hashes: hashTools(tools) } as DescribedServer;
}

async function mapLimited<T, R>(items: readonly T[], map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) results[at] = await map(items[at]!);
  };
  await Promise.all(Array.from({ length: Math.min(maxAtOnce, items.length) }, work));
  return results;
}
