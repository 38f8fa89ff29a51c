import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { loadDescription } from './description.js';
import { createFaults, type FaultKind, type Faults } from './faults.js';
import { forgejo } from './forgejo.js';
import { serveGit } from './git-http.js';
import { github } from './github.js';
import { gitlab } from './gitlab.js';
import type { ApiAnswer, Dialect } from './handler.js';
import { createWorld, type World } from './world.js';

/** The forges that can be played. */
export type StandInKind = 'github' | 'gitlab' | 'forgejo';

/** One request that came in. */
export interface LoggedRequest {
  readonly kind: 'git' | 'api';
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** The token that came with it. */
  readonly token?: string;
}

/** A server that plays a forge on this machine. */
export interface StandIn {
  readonly kind: StandInKind;
  /** Where it listens, such as `http://127.0.0.1:4411`. */
  readonly origin: string;
  readonly world: World;
  readonly faults: Faults;
  /** What did not fit the published description: requests of clients, answers of ours. */
  readonly violations: string[];
  readonly log: LoggedRequest[];
  /** Called when a request has come in whole, before it takes effect. */
  onRequest?: (request: { readonly method: string; readonly path: string }) => void;
  /** The git URL of a repository. */
  url(name: string): string;
  close(): Promise<void>;
}

const dialects: Record<StandInKind, Dialect> = { github, gitlab, forgejo };

/** Starts a stand-in on a free port of the loopback, with repositories in a folder. */
export async function createStandIn(
  kind: StandInKind,
  { directory, port = 0 }: { directory: string; port?: number },
): Promise<StandIn> {
  const world = createWorld(directory);
  const faults = createFaults();
  const violations: string[] = [];
  const log: LoggedRequest[] = [];
  const dialect = dialects[kind];
  const description = loadDescription(kind);
  let origin = '';

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      violations.push(
        `the stand-in failed: ${String(error instanceof Error ? error.stack : error)}`,
      );
      response.destroy();
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', origin);
    const method = request.method ?? 'GET';
    const fault = faults.take(method, url.pathname);
    if (fault?.kind === 'slow') await setTimeout(fault.milliseconds);
    if (fault?.kind === 'refused-connection') return void request.socket.destroy();
    const isGit = /\.git\/(?:info\/refs|git-upload-pack|git-receive-pack)$/.test(url.pathname);
    const token = isGit ? passwordOf(request) : dialect.tokenOf(request.headers);
    const note = (status: number) =>
      void log.push({
        kind: isGit ? 'git' : 'api',
        method,
        path: url.pathname + url.search,
        status,
        ...(token === undefined ? {} : { token }),
      });
    if (fault?.kind === 'answer') {
      note(fault.status);
      return sendFault(response, fault);
    }
    const user = token === undefined ? undefined : world.tokens.get(token);
    const body = isGit ? undefined : await readBody(request);
    standIn.onRequest?.({ method, path: url.pathname });
    if (isGit) {
      note(user === undefined ? 401 : 200);
      if (user === undefined) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="forge"' });
        return void response.end();
      }
      return serveGit(request, response, { root: world.directory, url, user });
    }
    const given =
      user === undefined && !/\/access_tokens$|\/app$|\/installation$/.test(url.pathname)
        ? dialect.refuse(401, 'Bad credentials')
        : handle(method, url, body, user ?? 'app');
    note(given.status);
    if (fault?.kind === 'lost') return void request.socket.destroy();
    send(request, response, given, fault);
  }

  function handle(method: string, url: URL, body: unknown, user: string): ApiAnswer {
    const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<
      string,
      unknown
    >;
    const request = { world, origin, query: url.searchParams, body: fields, user, url };
    const other = dialect.others?.[url.pathname];
    if (other) {
      const given = other({ ...request, parameters: {} });
      const errors = (given.body as { errors?: { type?: string; message: string }[] }).errors ?? [];
      violations.push(
        ...errors.filter(({ type }) => type === 'VIOLATION').map(({ message }) => message),
      );
      return given;
    }
    if (!url.pathname.startsWith(dialect.prefix)) return dialect.refuse(404, 'Not Found');
    const path = url.pathname.slice(dialect.prefix.length);
    const operation = description.find(method, path);
    const handler = operation && dialect.handlers[`${operation.method} ${operation.template}`];
    if (!operation || !handler) {
      violations.push(`${method} ${path} is not described`);
      return dialect.refuse(404, 'Not Found');
    }
    const name = `${method} ${path}`;
    const problems = description.checkRequest(operation, url.searchParams, body);
    if (problems.length > 0) {
      violations.push(...problems.map((problem) => `${name}: ${problem}`));
      return dialect.refuse(400, problems.join('; '));
    }
    const given = handler({ ...request, parameters: operation.parameters });
    const answered = `${operation.method} ${operation.template} ${given.status}`;
    if (given.status === 301 || dialect.undescribed?.includes(answered)) return given;
    const whole = description.complete(operation, given.status, given.body);
    const wrong = description.checkAnswer(operation, given.status, whole);
    violations.push(...wrong.map((problem) => `${name} ${given.status}: ${problem}`));
    return { ...given, body: whole };
  }

  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const standIn: StandIn = {
    kind,
    origin,
    world,
    faults,
    violations,
    log,
    url: (name) => `${origin}/${name}.git`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return standIn;
}

function passwordOf({ headers: { authorization } }: IncomingMessage): string | undefined {
  const basic = /^basic (.+)$/i.exec(authorization ?? '')?.[1];
  if (basic === undefined) return undefined;
  return Buffer.from(basic, 'base64').toString().split(':').slice(1).join(':');
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const content = Buffer.concat(chunks).toString();
  return content === '' ? undefined : (JSON.parse(content) as unknown);
}

function sendFault(response: ServerResponse, fault: FaultKind & { kind: 'answer' }): void {
  const { status, headers = {}, html = false, body } = fault;
  const content = html
    ? '<html><h1>Unicorn</h1></html>'
    : JSON.stringify(body ?? { message: `fault ${status}` });
  const type = html ? 'text/html' : 'application/json';
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(content);
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body, headers = {} }: ApiAnswer,
  fault: FaultKind | undefined,
): void {
  const content = body === undefined || status === 204 ? '' : JSON.stringify(body);
  const etag = `"${createHash('sha1').update(content).digest('hex')}"`;
  if (request.method === 'GET' && status === 200 && request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag });
    return void response.end();
  }
  const tagged = request.method === 'GET' && status === 200 ? { etag } : {};
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(content),
    ...tagged,
    ...headers,
  });
  if (fault?.kind !== 'cut') return void response.end(content);
  response.write(content.slice(0, Math.floor(content.length / 2)));
  void setTimeout(10).then(() => response.destroy());
}
