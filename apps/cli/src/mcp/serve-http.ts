import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { McpServer } from '@modelcontextprotocol/server';

/** A server that listens. */
export interface HttpServer {
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Serves MCP over streamable HTTP on loopback: each call bears the token, and comes from no web page
 * of another host.
 */
export async function serveHttp(
  factory: () => Promise<McpServer>,
  {
    port,
    token = randomBytes(24).toString('base64url'),
  }: { readonly port: number; readonly token?: string },
): Promise<HttpServer> {
  const handle = toNodeHandler(createMcpHandler(factory));
  const server = createServer((request, response) => {
    const refusal = refuse(request, token);
    if (refusal) send(response, ...refusal);
    // Node's types allow a message without method or URL; one that was received has both.
    else void handle(request as IncomingMessage & { method: string; url: string }, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${actual}/mcp`,
    token,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function refuse(request: IncomingMessage, token: string): [number, string] | undefined {
  const { host = '', origin, authorization = '' } = request.headers;
  if (!isLoopback(`http://${host}`)) return [403, 'this server answers to loopback names alone'];
  if (origin !== undefined && !isLoopback(origin))
    return [403, 'a page of another host may not call'];
  if (!equal(authorization, `Bearer ${token}`))
    return [401, 'send the token: Authorization: Bearer TOKEN'];
  if (new URL(request.url ?? '/', 'http://localhost').pathname !== '/mcp')
    return [404, 'the address is /mcp'];
  return undefined;
}

function isLoopback(url: string): boolean {
  return URL.canParse(url) && LOOPBACK.has(new URL(url).hostname);
}

function equal(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function send(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(status === 401 ? { 'www-authenticate': 'Bearer realm="holdfast"' } : {}),
  });
  response.end(JSON.stringify({ error: message }));
}
