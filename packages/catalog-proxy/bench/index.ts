/**
 * What a call costs through the proxy, beside a direct connection and beside mcp-hub, an aggregating proxy from npm; and
 * what `tools/list` of 1,000 tools costs: `node bench/index.ts [CALLS]`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  Client,
  SSEClientTransport,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const calls = Number(process.argv[2] ?? 1000);
const require = createRequire(import.meta.url);
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const binOf = (name: string): string => {
  const manifest = require.resolve(`${name}/package.json`);
  const { bin } = require(manifest) as { bin: string | Record<string, string> };
  return join(dirname(manifest), typeof bin === 'string' ? bin : Object.values(bin)[0]!);
};
const echo = [binOf('@modelcontextprotocol/server-everything')];
const many = [here('../test/servers/odd-server.mjs'), 'many'];
const folder = await mkdtemp(join(tmpdir(), 'catalog-proxy-bench-'));
const children: ChildProcess[] = [];
const node = process.execPath;
let state = 0;

const stdio = (args: readonly string[]): StdioClientTransport =>
  new StdioClientTransport({ command: node, args: [...args], stderr: 'ignore' });
const proxied = (server: readonly string[]): string[] => [
  here('serve.ts'),
  join(folder, `state-${++state}`),
  'stdio',
  node,
  ...server,
];

async function connect(transport: Parameters<Client['connect']>[0]): Promise<Client> {
  const client = new Client({ name: 'bench', version: '1.0.0' });
  await client.connect(transport);
  return client;
}

async function startHttp(server: readonly string[]): Promise<Client> {
  const args = [here('serve.ts'), join(folder, `state-${++state}`), 'http', node, ...server];
  const child = spawn(node, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  const [url] = await new Promise<[string]>((resolve) =>
    createInterface({ input: child.stdout }).once('line', (line) => resolve([line])),
  );
  return connect(
    new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
      requestInit: { headers: { authorization: 'Bearer bench' } },
    }),
  );
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

async function startDirectHttp(server: readonly string[]): Promise<Client> {
  const port = await freePort();
  children.push(
    spawn(node, [...server, 'streamableHttp'], {
      stdio: 'ignore',
      env: { ...process.env, PORT: String(port) },
    }),
  );
  return retry(() =>
    connect(new StreamableHTTPClientTransport(new URL(`http://localhost:${port}/mcp`))),
  );
}

async function retry(start: () => Promise<Client>): Promise<Client> {
  for (let tries = 0; ; tries++)
    try {
      return await start();
    } catch (error) {
      if (tries > 60) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
}

async function startHub(server: readonly string[]): Promise<Client> {
  const port = await freePort();
  const config = join(folder, `hub-${port}.json`);
  await writeFile(
    config,
    JSON.stringify({ mcpServers: { server: { command: node, args: server } } }),
  );
  const home = {
    HOME: folder,
    XDG_STATE_HOME: folder,
    XDG_CONFIG_HOME: folder,
    XDG_CACHE_HOME: folder,
  };
  children.push(
    spawn(node, [binOf('mcp-hub'), '--port', String(port), '--config', config], {
      stdio: 'ignore',
      env: { ...process.env, ...home },
    }),
  );
  return retry(async () => {
    const client = await connect(new SSEClientTransport(new URL(`http://localhost:${port}/mcp`)));
    const { tools } = await client.listTools();
    if (tools.length > 0) return client;
    await client.close();
    throw new Error('no tools yet');
  });
}

function quantile(times: readonly number[], part: number): string {
  const sorted = times.toSorted((left, right) => left - right);
  return (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(2).padStart(8);
}

async function time(count: number, work: () => Promise<unknown>): Promise<number[]> {
  for (let at = 0; at < Math.min(count, 100); at++) await work();
  const times: number[] = [];
  for (let at = 0; at < count; at++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return times;
}

/** Times from a request to the end of its answer, which nobody parses: a client's own work is not counted. */
async function timeLists(args: readonly string[]): Promise<number[]> {
  const child = spawn(node, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  children.push(child);
  let told: () => void = () => undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    if (chunk.at(-1) === 10) told();
  });
  const ask = (message: object): Promise<void> =>
    new Promise((resolve) => {
      told = resolve;
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, ...message })}\n`);
    });
  const clientInfo = { name: 'bench', version: '1.0.0' };
  await ask({
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo },
  });
  child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  return time(50, () => ask({ method: 'tools/list', params: {} }));
}

try {
  const rivals: readonly (readonly [string, (server: readonly string[]) => Promise<Client>])[] = [
    ['direct, stdio', (server) => connect(stdio(server))],
    ['direct, HTTP', startDirectHttp],
    ['proxy, stdio', (server) => connect(stdio(proxied(server)))],
    ['proxy, HTTP', startHttp],
    ['mcp-hub, SSE', startHub],
  ];
  console.log(`ms                 median     90 %   a call of echo, ${calls} times`);
  const clients = new Map<string, Client>();
  const prefix = new Map<string, string>();
  for (const [name, start] of rivals) {
    const client = await start(echo);
    clients.set(name, client);
    const { tools } = await client.listTools();
    prefix.set(name, tools.find((tool) => tool.name.endsWith('echo'))!.name);
  }
  const times = new Map<string, number[]>(rivals.map(([name]) => [name, []]));
  // In turns, so that what else the machine does falls on all of them.
  for (let round = 0; round < 5; round++)
    for (const [name, client] of clients)
      times
        .get(name)!
        .push(
          ...(await time(calls / 5, () =>
            client.callTool({ name: prefix.get(name)!, arguments: { message: 'hello' } }),
          )),
        );
  for (const [name, took] of times)
    console.log(`${name.padEnd(16)} ${quantile(took, 0.5)} ${quantile(took, 0.9)}`);
  for (const client of clients.values()) await client.close();

  console.log(
    '\nms                 median     90 %   tools/list of 1,000 tools, 0.9 MB, to the last byte',
  );
  for (const [name, args] of [
    ['direct, stdio', many],
    ['proxy, stdio', proxied(many)],
  ] as const) {
    const took = await timeLists(args);
    console.log(`${name.padEnd(16)} ${quantile(took, 0.5)} ${quantile(took, 0.9)}`);
  }
} finally {
  for (const child of children) child.kill();
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
}
