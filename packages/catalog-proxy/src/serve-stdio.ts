import type { Readable, Writable } from 'node:stream';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import type { Server } from '@modelcontextprotocol/server';
import type { CatalogProxy } from './catalog-proxy.js';
import { createHeldCalls } from './held-calls.js';
import { createClientServer } from './serve-client.js';

export interface ServeStdioOptions {
  readonly stdin: Readable;
  /** Default: the process's own. */
  readonly stdout?: Writable;
  readonly info: { readonly name: string; readonly version: string };
  /** Ends the serving; otherwise it goes on until the client closes its side. */
  readonly signal: AbortSignal;
}

/** Serves a proxy to the client at the other end of two streams; resolves when the client is gone. */
export async function serveProxyStdio(
  proxy: CatalogProxy,
  { stdin, stdout, info, signal }: ServeStdioOptions,
): Promise<void> {
  const held = createHeldCalls();
  const servers = new Set<Server>();
  const stop = proxy.onToolsChanged(() => {
    for (const server of servers) void server.sendToolListChanged().catch(() => undefined);
  });
  const handle = serveStdio(
    ({ era }) => {
      const server = createClientServer({ proxy, held, info }, era);
      servers.add(server);
      server.onclose = () => servers.delete(server);
      return server;
    },
    { transport: new StdioServerTransport(stdin, stdout) },
  );
  await new Promise<void>((resolve) => {
    stdin.once('close', resolve).once('end', resolve);
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  stop();
  held.close();
  await handle.close();
}
