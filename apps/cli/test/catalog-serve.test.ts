import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from './sandbox.js';

const bin = new URL('../bin/holdfast.js', import.meta.url).pathname;
const require = createRequire(import.meta.url);

function npmServer(name: string, ...args: string[]): object {
  const manifest = require.resolve(`${name}/package.json`);
  const { bin } = require(manifest) as { bin: Record<string, string> };
  return {
    command: process.execPath,
    args: [join(dirname(manifest), Object.values(bin)[0]!), ...args],
    env: { API_TOKEN: 'hunter2-hunter2' },
  };
}

async function createServers(more: Record<string, object> = {}): Promise<Sandbox> {
  const sandbox = await createSandbox();
  const mcpServers = {
    everything: npmServer('@modelcontextprotocol/server-everything'),
    files: npmServer('@modelcontextprotocol/server-filesystem', sandbox.folder),
    ...more,
  };
  await writeFile(sandbox.path('servers.json'), JSON.stringify({ mcpServers }));
  return sandbox;
}

const environmentOf = (sandbox: Sandbox): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: sandbox.folder,
  HOLDFAST_STATE_HOME: sandbox.path('catalog'),
});

async function connect(sandbox: Sandbox, ...args: string[]): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [bin, 'catalog', 'serve', '--servers', 'servers.json', ...args],
      cwd: sandbox.folder,
      env: environmentOf(sandbox),
      stderr: 'ignore',
    }),
  );
  return client;
}

interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
}

function run(sandbox: Sandbox, ...args: string[]): Promise<Run> {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: sandbox.folder,
    env: environmentOf(sandbox),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  return new Promise((resolve) => child.on('close', (exitCode) => resolve({ exitCode, stdout })));
}

describe('catalog serve --check', () => {
  test('one command proves that a restart after a clean render leaves intended = live', async () => {
    await using sandbox = await createServers();
    const { exitCode, stdout } = await run(
      sandbox,
      ...['catalog', 'serve', '--servers', 'servers.json', '--check', '--json'],
    );
    const document = JSON.parse(stdout) as { intended: number; live: number };
    expect(document).toMatchObject({ gaps: [], listed: true });
    expect([exitCode, document.live]).toEqual([0, document.intended]);
    const { stdout: list } = await run(sandbox, 'catalog', 'list', '--diff-catalogs', '--json');
    expect(JSON.parse(list)).toMatchObject({ summary: { breaking: 0, added: 0, removed: 0 } });
  });

  test('a server that does not answer is told of, with exit code 3', async () => {
    await using sandbox = await createServers({ gone: { command: 'no-such-program-here' } });
    const { exitCode, stdout } = await run(
      sandbox,
      ...['catalog', 'serve', '--servers', 'servers.json', '--check'],
    );
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/gone: failed, .*ENOENT/);
  });
});

test('a client over stdio gets what live_catalog.json says, and the proxy goes with it', async () => {
  await using sandbox = await createServers();
  const client = await connect(sandbox, '--emit-live-catalog');
  const { tools } = await client.listTools();
  const live = JSON.parse(await readFile(sandbox.path('catalog/live_catalog.json'), 'utf8')) as {
    tools: { name: string }[];
  };
  expect(tools.map(({ name }) => name)).toEqual(live.tools.map(({ name }) => name));
  const answer = await client.callTool({ name: 'echo', arguments: { message: 'hello' } });
  expect(answer.content).toEqual([{ type: 'text', text: 'Echo: hello' }]);
  await client.close();
  const { stdout } = await run(sandbox, 'catalog', 'status', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    tools: expect.arrayContaining([
      expect.objectContaining({ tool: 'echo', state: 'pending', successes: 1 }),
    ]) as unknown,
  });
});

test('over HTTP: diagnostics tell what catalog status tells, metrics count, no secret is told', async () => {
  await using sandbox = await createServers();
  const child = spawn(
    process.execPath,
    [bin, 'catalog', 'serve', '--servers', 'servers.json', '--http', '--emit-live-catalog'],
    {
      cwd: sandbox.folder,
      env: { ...environmentOf(sandbox), HOLDFAST_CATALOG_TOKEN: 'a-token' },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let log = '';
  try {
    const url = await new Promise<string>((resolve) => {
      createInterface({ input: child.stderr }).on('line', (line) => {
        log += `${line}\n`;
        const found = /(http:\S+)\/mcp/.exec(line)?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    const headers = { authorization: 'Bearer a-token' };
    const client = new Client(
      { name: 'test', version: '1.0.0' },
      { versionNegotiation: { mode: 'auto' } },
    );
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } }),
    );
    const env = await client.callTool({ name: 'get-env', arguments: {} });
    expect(JSON.stringify(env)).toContain('API_TOKEN');
    expect(JSON.stringify(env) + log).not.toContain('hunter2');
    const told = (await (await fetch(`${url}/diagnostics/catalog`, { headers })).json()) as object;
    const { stdout } = await run(sandbox, 'catalog', 'status', '--json');
    const { proxy, ...status } = told as { proxy: object };
    expect(status).toEqual(JSON.parse(stdout));
    expect(proxy).toMatchObject({ withheld: [], downgraded: [] });
    const metrics = await (await fetch(`${url}/metrics`, { headers })).text();
    expect(metrics).toContain('holdfast_proxy_calls_total{server="everything",result="ok"} 1');
    await client.close();
    expect(log).toMatch(
      /"tool":"everything\/get-env","schema":"declared","schema_hash":"[0-9a-f]{64}","state":"pending","duration_ms":[\d.]+,"result":"success"/,
    );
  } finally {
    child.kill();
    await new Promise((resolve) => child.once('close', resolve));
  }
});
