import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureServer, type CaptureOptions, type ServerAddress } from '../src/index.js';

const odd = fileURLToPath(new URL('servers/odd-server.mjs', import.meta.url));
const secret = 'hunter2-hunter2';
const address = (mode: string): ServerAddress => ({
  kind: 'stdio',
  command: process.execPath,
  args: [odd, mode],
  env: { API_TOKEN: secret },
});
const capture = (mode: string, options: CaptureOptions = {}) =>
  captureServer('odd', address(mode), { timeoutMs: 4000, ...options });
const names = (tools: readonly unknown[]) => tools.map((tool) => (tool as { name?: string }).name);

describe('a server that answers oddly', () => {
  it('keeps every key as it was written', async () => {
    const captured = await capture('keys');
    expect(captured).toMatchObject({
      health: 'up',
      pages: 1,
      protocolVersion: '2025-11-25',
      serverInfo: { name: 'odd' },
    });
    expect(captured.tools).toEqual([
      {
        name: 'a',
        inputSchema: { type: 'object' },
        unknownKey: { deep: [1] },
        annotations: { oddHint: 7 },
      },
      { name: '__proto__', inputSchema: { type: 'object' } },
    ]);
  });

  it('one bad tool never loses the rest', async () => {
    const { tools, health } = await capture('bad');
    expect([health, names(tools)]).toEqual(['up', ['good', 'bad', undefined, 'also']]);
  });

  it.each<[string, string, (string | undefined)[], RegExp]>([
    ['empty', 'up', ['late'], /^$/],
    ['changed', 'up', ['a', 'b'], /^$/],
    ['repeated', 'partial', ['t1', 't2'], /has come before/],
    ['endless', 'partial', ['t1', 't2', 't3', 't4', 't5'], /does not end after 5 pages/],
    ['nothing', 'partial', [], /no list of tools/],
  ])('%s pages', async (mode, health, tools, problem) => {
    const captured = await capture(mode, { maxPages: 5 });
    expect([captured.health, names(captured.tools)]).toEqual([health, tools]);
    expect(captured.problems.join('\n')).toMatch(problem);
  });

  it('noise between messages is noted', async () => {
    const { health, tools } = await capture('noisy');
    expect([health, names(tools)]).toEqual(['up', ['a']]);
  });
});

describe('a server that does not answer', () => {
  it.each<[string, string, (string | undefined)[], RegExp]>([
    ['dies', 'partial', ['first'], /./],
    ['stops', 'partial', ['first'], /timed out/i],
    ['refuses', 'failed', [], /no list today/],
    ['silent', 'timeout', [], /timed out|timeout/i],
  ])('%s', async (mode, health, tools, error) => {
    const captured = await capture(mode, { timeoutMs: 1500 });
    expect([captured.health, names(captured.tools)]).toEqual([health, tools]);
    expect(captured.error).toMatch(error);
  });

  it('is not there at all', async () => {
    const captured = await captureServer('gone', {
      kind: 'stdio',
      command: 'no-such-program-here',
      args: [],
      env: {},
    });
    expect(captured).toMatchObject({
      health: 'failed',
      error: expect.stringContaining('ENOENT') as string,
    });
    const http = await captureServer(
      'gone',
      { kind: 'http', url: 'http://127.0.0.1:9/mcp', headers: {} },
      { timeoutMs: 2000 },
    );
    expect(http.health).toBe('failed');
  });

  it('secrets are in nothing that is captured', async () => {
    for (const mode of ['secret', 'keys']) {
      const captured = await capture(mode, { timeoutMs: 3000 });
      expect(JSON.stringify(captured)).not.toContain(secret);
      expect(JSON.stringify(captured)).toContain('***');
    }
  });
});

describe('over HTTP', () => {
  let server: Server;
  let url: string;
  const seen: (string | undefined)[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push(request.headers.authorization);
        if (request.headers.authorization !== 'Bearer let-me-in') {
          response.writeHead(401).end('no');
          return;
        }
        if (request.method !== 'POST') {
          response.writeHead(405).end();
          return;
        }
        const { id, method, params } = JSON.parse(body) as {
          id?: number;
          method: string;
          params: { protocolVersion?: string };
        };
        const reply = (message: object) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ jsonrpc: '2.0', id, ...message }));
        };
        if (method === 'initialize')
          reply({
            result: {
              protocolVersion: params.protocolVersion,
              capabilities: { tools: {} },
              serverInfo: { name: 'web', version: '2' },
            },
          });
        else if (method === 'tools/list')
          reply({ result: { tools: [{ name: 'a', inputSchema: { type: 'object' }, odd: 1 }] } });
        else if (id === undefined) response.writeHead(202).end();
        else reply({ error: { code: -32601, message: 'Method not found' } });
      });
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  });
  afterAll(() => new Promise((done) => server.close(done)));

  it('sends the headers, and keeps the answer', async () => {
    const captured = await captureServer(
      'web',
      { kind: 'http', url, headers: { Authorization: 'Bearer let-me-in' } },
      { timeoutMs: 3000 },
    );
    expect(captured).toMatchObject({
      health: 'up',
      serverInfo: { name: 'web' },
      tools: [{ name: 'a', odd: 1 }],
    });
  });

  it('says when it may not', async () => {
    const captured = await captureServer(
      'web',
      { kind: 'http', url, headers: { Authorization: 'Bearer wrong-secret' } },
      { timeoutMs: 3000 },
    );
    expect(captured.health).toBe('unauthorized');
    expect(JSON.stringify(captured)).not.toContain('wrong-secret');
  });
});

describe('servers from the npm registry', () => {
  const home = mkdtempSync(join(tmpdir(), 'mcp-client-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  const require = createRequire(import.meta.url);

  /** The program of an installed server. */
  function programOf(name: string): string {
    let folder = dirname(
      require.resolve
        .paths(name)!
        .map((path) => join(path, name, 'package.json'))
        .find((path) => {
          try {
            readFileSync(path);
            return true;
          } catch {
            return false;
          }
        })!,
    );
    const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      bin: string | Record<string, string>;
    };
    folder = join(folder, typeof bin === 'string' ? bin : Object.values(bin)[0]!);
    return folder;
  }

  it.each<[string, string[], number, string]>([
    ['@modelcontextprotocol/server-everything', [], 16, '2025-11-25'],
    ['@modelcontextprotocol/server-memory', [], 9, '2025-11-25'],
    ['@modelcontextprotocol/server-filesystem', [home], 14, '2025-11-25'],
    ['@modelcontextprotocol/server-sequential-thinking', [], 1, '2025-11-25'],
    ['@upstash/context7-mcp', [], 2, '2026-07-28'],
  ])('%s', async (name, args, count, version) => {
    const captured = await captureServer(
      name,
      {
        kind: 'stdio',
        command: process.execPath,
        args: [programOf(name), ...args],
        env: { MEMORY_FILE_PATH: join(home, 'memory.jsonl') },
      },
      { timeoutMs: 30_000, capabilities: { roots: {}, sampling: {}, elicitation: {} } },
    );
    expect(captured).toMatchObject({ health: 'up', protocolVersion: version });
    expect(captured.tools.length).toBeGreaterThanOrEqual(count);
  });
});
