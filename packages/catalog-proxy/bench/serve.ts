/** A proxy in a process of its own, over stdio: `node bench/serve.ts FOLDER NAME COMMAND ARG…`. */
import { parseServers } from '@holdfast/mcp-client';
import { StateStore } from '@holdfast/catalog-diff/snapshots';
import {
  openCatalogProxy,
  serveProxyHttp,
  serveProxyStdio,
  createProxyMetrics,
} from '@holdfast/catalog-proxy';

const [folder = '', kind, command = '', ...args] = process.argv.slice(2);
const reading = parseServers({ mcpServers: { server: { command, args } } });
if (reading.kind === 'refused') throw new Error(reading.message);
const silent = { info: () => undefined, warn: () => undefined };
const info = { name: 'bench', version: '1.0.0' };
const proxy = await openCatalogProxy({
  servers: reading.servers,
  sources: [],
  store: new StateStore({ directory: folder, now: () => new Date() }),
  clock: () => new Date(),
  logger: silent,
  clientInfo: info,
  emitLive: true,
});
if (kind === 'http') {
  const { url } = await serveProxyHttp(proxy, {
    info,
    port: 0,
    token: 'bench',
    diagnostics: () => Promise.resolve({}),
    metrics: createProxyMetrics(),
  });
  console.log(url);
} else {
  await serveProxyStdio(proxy, {
    stdin: process.stdin,
    info,
    signal: new AbortController().signal,
  });
  await proxy.close();
}
