import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { StateStore } from '@holdfast/catalog-diff/snapshots';
import type { ServerAddress } from '@holdfast/mcp-client';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import {
  createProxyMetrics,
  openCatalogProxy,
  serveProxyHttp,
  serveProxyStdio,
  type CatalogProxy,
  type ProxyOptions,
} from '../src/index.js';

export const token = 'a-token-of-the-test';
const info = { name: 'proxy', version: '1.0.0' };
const odd = fileURLToPath(new URL('servers/odd-server.mjs', import.meta.url));
const require = createRequire(import.meta.url);

/** The server that does what its mode says. */
export function oddServer(mode = 'usual', env: Record<string, string> = {}): ServerAddress {
  return { kind: 'stdio', command: process.execPath, args: [odd, mode], env };
}

/** A server that npm installed. */
export function npmServer(
  name: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): ServerAddress {
  const manifest = require.resolve(`${name}/package.json`);
  const { bin } = require(manifest) as { bin: string | Record<string, string> };
  const file = typeof bin === 'string' ? bin : Object.values(bin)[0]!;
  return {
    kind: 'stdio',
    command: process.execPath,
    args: [join(dirname(manifest), file), ...args],
    env,
  };
}

export interface Line {
  readonly message: string;
  readonly data: Record<string, unknown>;
}

/** A proxy with what it wrote, in a folder of its own. */
export interface Stand extends AsyncDisposable {
  readonly proxy: CatalogProxy;
  readonly store: StateStore;
  readonly folder: string;
  readonly log: Line[];
  /** Serves over HTTP, once. */
  url(): Promise<string>;
  connect(era: 'legacy' | 'auto', options?: ConnectOptions): Promise<Client>;
  connectStdio(era: 'legacy' | 'auto', options?: ConnectOptions): Promise<Client>;
}

export interface ConnectOptions {
  readonly capabilities?: Record<string, object>;
  readonly answer?: (message: string) => object;
}

export async function createStand(
  servers: Record<string, ServerAddress>,
  options: Partial<ProxyOptions> & { readonly folder?: string } = {},
): Promise<Stand> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'catalog-proxy-')));
  const store = new StateStore({ directory: join(folder, 'state'), now: () => new Date() });
  const log: Line[] = [];
  const note = (data: object, message: string): void => {
    log.push({ message, data: { ...data } });
  };
  const metrics = createProxyMetrics();
  const proxy = await openCatalogProxy({
    servers: new Map(Object.entries(servers)),
    sources: [],
    store,
    clock: () => new Date(),
    logger: { info: note, warn: note },
    observer: metrics.observer,
    clientInfo: info,
    emitLive: true,
    startTimeoutMs: 8000,
    backoffMs: 50,
    ...options,
  });
  metrics.watch(() => proxy.state());
  const closing: (() => Promise<void>)[] = [];
  let served: Promise<string> | undefined;
  const url = (): Promise<string> =>
    (served ??= serveProxyHttp(proxy, {
      info,
      port: 0,
      token,
      diagnostics: () => Promise.resolve(proxy.state()),
      metrics,
    }).then((http) => {
      closing.push(() => http.close());
      return http.url;
    }));
  const clientOf = (
    era: 'legacy' | 'auto',
    { capabilities = {}, answer }: ConnectOptions,
  ): Client => {
    const client = new Client(
      { name: 'test', version: '1.0.0' },
      { capabilities, versionNegotiation: { mode: era } },
    );
    if (answer)
      client.setRequestHandler('elicitation/create', ({ params }) =>
        Promise.resolve(answer(params.message) as never),
      );
    closing.unshift(() => client.close());
    return client;
  };
  return {
    proxy,
    store,
    folder,
    log,
    url,
    connect: async (era, options = {}) => {
      const client = clientOf(era, options);
      await client.connect(
        new StreamableHTTPClientTransport(new URL(`${await url()}/mcp`), {
          requestInit: { headers: { authorization: `Bearer ${token}` } },
        }),
      );
      return client;
    },
    connectStdio: async (era, options = {}) => {
      const [up, down] = [new PassThrough(), new PassThrough()];
      const stop = new AbortController();
      const serving = serveProxyStdio(proxy, {
        stdin: up,
        stdout: down,
        info,
        signal: stop.signal,
      });
      closing.push(async () => {
        stop.abort();
        await serving;
      });
      const client = clientOf(era, options);
      await client.connect(new StdioServerTransport(down, up));
      return client;
    },
    [Symbol.asyncDispose]: async () => {
      for (const close of closing) await close().catch(() => undefined);
      await proxy.close();
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Sends a call and takes its result as it came, whatever the SDK thinks of it. */
export async function rawCall(
  client: Client,
  name: string,
  given: object = {},
): Promise<Record<string, unknown>> {
  const anything = {
    '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) },
  };
  return (await client.request(
    { method: 'tools/call', params: { name, arguments: given } },
    anything as never,
  )) as Record<string, unknown>;
}

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>, ms = 8000): Promise<void> {
  for (const end = Date.now() + ms; !(await holds());) {
    if (Date.now() > end) throw new Error('it did not come about');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
