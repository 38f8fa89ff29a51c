import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, isLegacyRequest, type Server } from '@modelcontextprotocol/server';
import type { CatalogProxy } from './catalog-proxy.js';
import { createHeldCalls } from './held-calls.js';
import type { ProxyMetrics } from './metrics.js';
import { createClientServer } from './serve-client.js';

export interface ServeHttpOptions {
  readonly info: { readonly name: string; readonly version: string };
  /** The address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** What each request bears: `Authorization: Bearer TOKEN`. */
  readonly token: string;
  /** Names by which this server may be called, beside those of loopback and `host`. */
  readonly allowedHosts?: readonly string[];
  /** What `GET /diagnostics/catalog` tells. */
  readonly diagnostics: () => Promise<object>;
  readonly metrics: ProxyMetrics;
  /** Whether `/mcp` is served too. Default true. */
  readonly servesMcp?: boolean;
  /** Most bytes of a request. Default 16 MiB. */
  readonly maxBody?: number;
}

/** A server that listens. */
export interface ProxyHttpServer {
  readonly url: string;
  close(): Promise<void>;
}

interface LegacySession {
  readonly server: Server;
  readonly transport: NodeStreamableHTTPServerTransport;
  lastUsed: number;
}

/** Sessions of clients before 2026-07-28; the one that has been quiet longest goes. */
const maxSessions = 1000;

/**
 * Serves a proxy over streamable HTTP: `/mcp` for clients of either generation, `/diagnostics/catalog`, `/metrics`. Each
 * request bears the token, names a host that is expected, and comes from no page of another one.
 */
export async function serveProxyHttp(
  proxy: CatalogProxy,
  options: ServeHttpOptions,
): Promise<ProxyHttpServer> {
  const { info, host = '127.0.0.1', port, token, diagnostics, metrics } = options;
  const { allowedHosts = [], servesMcp = true, maxBody = 16 * 1024 * 1024 } = options;
  const names = new Set(['localhost', '127.0.0.1', '[::1]', host, ...allowedHosts]);
  const held = createHeldCalls();
  const sessions = new Map<string, LegacySession>();
  const modern = createMcpHandler(() => createClientServer({ proxy, held, info }, 'modern'), {
    legacy: 'reject',
  });
  const handleModern = toNodeHandler(modern);
  const stop = proxy.onToolsChanged(() => {
    modern.notify.toolsChanged();
    for (const { server } of sessions.values())
      void server.sendToolListChanged().catch(() => undefined);
  });

  const listener = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) send(response, 500, messageOf(error));
      else response.destroy();
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = refuse(request, token, names);
    if (refusal !== undefined) {
      send(response, ...refusal);
      return;
    }
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const isGet = request.method === 'GET';
    if (isGet && pathname === '/diagnostics/catalog') send(response, 200, await diagnostics());
    else if (isGet && pathname === '/metrics') {
      response.writeHead(200, { 'content-type': metrics.contentType });
      response.end(await metrics.text());
    } else if (pathname === '/mcp' && servesMcp) await handleMcp(request, response);
    else send(response, 404, 'the addresses are /mcp, /diagnostics/catalog and /metrics');
  }

  async function handleMcp(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', headers } = request;
    let body: unknown;
    if (method === 'POST') {
      const text = await readBody(request, maxBody);
      if (text === undefined) {
        send(response, 413, `a request may have ${maxBody} bytes`);
        return;
      }
      try {
        body = JSON.parse(text);
      } catch {
        send(response, 400, {
          jsonrpc: '2.0',
          id: null,
          error: { code: -32700, message: 'not JSON' },
        });
        return;
      }
    }
    // A session is of a client of before; all others are told apart by what they send.
    if (typeof headers['mcp-session-id'] === 'string') {
      await handleLegacy(request, response, body);
      return;
    }
    const shape = new Request('http://localhost/mcp', {
      method,
      headers: Object.entries(headers).flatMap(([name, value]) =>
        typeof value === 'string' ? [[name, value] as [string, string]] : [],
      ),
      ...(method === 'POST' && { body: '' }),
    });
    const isModern = !(await isLegacyRequest(shape, body));
    if (isModern && isUnknown(body)) {
      const { id } = body;
      send(response, 404, {
        jsonrpc: '2.0',
        id,
        error: { code: -32601, message: 'Method not found' },
      });
      return;
    }
    if (isModern)
      // Node's types allow a message without method or URL; one that was received has both.
      await handleModern(
        request as IncomingMessage & { method: string; url: string },
        response,
        body,
      );
    else await handleLegacy(request, response, body);
  }

  async function handleLegacy(
    request: IncomingMessage,
    response: ServerResponse,
    body: unknown,
  ): Promise<void> {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? sessions.get(id) : undefined;
    if (known !== undefined) {
      known.lastUsed = Date.now();
      await known.transport.handleRequest(request, response, body);
      return;
    }
    if (id !== undefined) {
      send(response, 404, {
        jsonrpc: '2.0',
        id: null,
        error: { code: -32001, message: 'Session not found' },
      });
      return;
    }
    const server = createClientServer({ proxy, held, info }, 'legacy');
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (session) => {
        makeRoom();
        sessions.set(session, { server, transport, lastUsed: Date.now() });
      },
    });
    server.onclose = () => {
      if (transport.sessionId !== undefined) sessions.delete(transport.sessionId);
    };
    await server.connect(transport);
    await transport.handleRequest(request, response, body);
  }

  function makeRoom(): void {
    if (sessions.size < maxSessions) return;
    const [quietest] = [...sessions].sort(([, left], [, right]) => left.lastUsed - right.lastUsed);
    if (quietest === undefined) return;
    sessions.delete(quietest[0]);
    void quietest[1].server.close();
  }

  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, host, resolve);
  });
  const { port: actual } = listener.address() as AddressInfo;
  const shown = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return {
    url: `http://${shown}:${actual}`,
    close: async () => {
      stop();
      held.close();
      await modern.close();
      await Promise.all([...sessions.values()].map(({ server }) => server.close()));
      listener.closeAllConnections();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

const methods = new Set(['server/discover', 'subscriptions/listen', 'tools/list', 'tools/call']);

/** A request of a method that is not served; since 2026-07-28 its answer has the status 404. */
function isUnknown(body: unknown): body is { readonly id: string | number } {
  const { id, method } = (body ?? {}) as { id?: unknown; method?: unknown };
  return id !== undefined && typeof method === 'string' && !methods.has(method);
}

function refuse(
  { headers }: IncomingMessage,
  token: string,
  names: ReadonlySet<string>,
): [number, string] | undefined {
  const { host = '', origin, authorization = '' } = headers;
  if (!isNamed(`http://${host}`, names)) return [403, 'this server does not answer to that name'];
  if (origin !== undefined && !isNamed(origin, names))
    return [403, 'a page of another host may not call'];
  if (!isEqual(authorization, `Bearer ${token}`))
    return [401, 'send the token: Authorization: Bearer TOKEN'];
  return undefined;
}

function isNamed(url: string, names: ReadonlySet<string>): boolean {
  return URL.canParse(url) && names.has(new URL(url).hostname);
}

function isEqual(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

async function readBody(request: IncomingMessage, limit: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: object | string): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(status === 401 && { 'www-authenticate': 'Bearer realm="holdfast"' }),
  });
  response.end(JSON.stringify(typeof body === 'string' ? { error: body } : body));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
