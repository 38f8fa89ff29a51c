import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { onTestFinished } from 'vitest';

export const API_KEY = 'ed_test_0123456789';

/** How one answer goes wrong. */
export type Fault =
  | {
      readonly status: number;
      readonly html?: true;
      readonly detail?: string;
      readonly retryAfter?: string;
    }
  | { readonly kind: 'hang-up' }
  | { readonly kind: 'not-json' };

export interface PlatformServer {
  readonly host: string;
  readonly teams: Record<string, unknown>[];
  readonly dataproducts: Map<string, object>;
  readonly datacontracts: Map<string, object>;
  readonly access: Record<string, unknown>[];
  /** By `dataproducts/ID` or `datacontracts/ID`. */
  readonly connections: Map<string, Record<string, unknown>>;
  /** `METHOD path`, in order. */
  readonly requests: string[];
  /** What broke the API description, of requests and answers. */
  readonly violations: string[];
  /** The next requests of this method and path fail so. */
  fail(request: string, ...faults: Fault[]): void;
}

interface Operation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: object;
  }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
  readonly responses: Record<
    string,
    { readonly $ref?: string; readonly content?: Record<string, { readonly schema: object }> }
  >;
}

const text = readFileSync(new URL('./fixtures/platform/openapi.json', import.meta.url), 'utf8');
const description = JSON.parse(text) as {
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, Operation['responses'][string]> };
};
const ajv = ajvFormats.default(new Ajv2020({ strict: false, allErrors: true }));
ajv.addSchema({ ...description, $id: 'api:' });
const compiled = new Map<object, ValidateFunction>();

/** What a value has against a schema of the description. */
function problems(schema: object, value: unknown): string[] {
  const rebased = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api:#/')) as object;
  const validate = compiled.get(schema) ?? ajv.compile(rebased);
  compiled.set(schema, validate);
  return validate(value)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/**
 * The platform, played on loopback: it keeps state, fails on demand, and holds every request and answer to the
 * published description.
 */
export async function startPlatform(): Promise<PlatformServer> {
  const faults = new Map<string, Fault[]>();
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      platform.violations.push(String(error));
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const platform: PlatformServer = {
    host: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    teams: [{ id: 'sales', name: 'Sales', type: 'Team' }],
    dataproducts: new Map(),
    datacontracts: new Map(),
    access: [],
    connections: new Map(),
    requests: [],
    violations: [],
    fail: (request, ...more) => void faults.set(request, [...(faults.get(request) ?? []), ...more]),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', platform.host);
    const path = decodeURIComponent(url.pathname);
    const name = `${request.method} ${path}`;
    platform.requests.push(name);
    const body = await readBody(request);
    const operation = findOperation(request.method ?? '', url.pathname);
    if (!operation) return send(response, 404, problem(404, 'No such operation'), undefined, name);
    checkRequest(operation, url, body, name);
    const fault = faults.get(name)?.shift();
    if (fault) return fail(response, fault);
    if (request.headers['x-api-key'] !== API_KEY)
      return send(response, 403, problem(403, 'The API key was not found'), undefined, name);
    const [status, value, link] = perform(request.method!, path, url, body);
    send(response, status, value, operation, name, link);
  }

  function checkRequest(operation: Operation, url: URL, body: unknown, name: string): void {
    const known = new Map(
      (operation.parameters ?? [])
        .filter((one) => one.in === 'query')
        .map((one) => [one.name, one.schema]),
    );
    for (const [key, value] of url.searchParams) {
      const schema = known.get(key);
      if (!schema) platform.violations.push(`${name}: the query has no ${key}`);
      else if ((schema as { type?: string }).type === 'integer' ? !/^\d+$/.test(value) : false)
        platform.violations.push(`${name}: ${key} is no number`);
    }
    const schema = operation.requestBody?.content['application/json']?.schema;
    if (schema)
      platform.violations.push(...problems(schema, body).map((one) => `${name}: request ${one}`));
    if (!schema && body !== undefined)
      platform.violations.push(`${name}: a body that nobody asked for`);
  }

  function perform(
    method: string,
    path: string,
    url: URL,
    body: unknown,
  ): [number, unknown, (string | undefined)?] {
    const page = Number(url.searchParams.get('p') ?? 0);
    if (path === '/api/teams') {
      const more = page + 1 < platform.teams.length;
      return [
        200,
        platform.teams.slice(page, page + 1),
        more ? `<${platform.host}/api/teams?p=${page + 1}>; rel="next"` : undefined,
      ];
    }
    if (path === '/api/access') return [200, page === 0 ? platform.access : []];
    const [, resource, id, rest] =
      /^\/api\/(dataproducts|datacontracts)\/([^/]+)(\/gitconnection)?$/.exec(path) ?? [];
    const held =
      resource === 'dataproducts'
        ? platform.dataproducts.get(id!)
        : platform.datacontracts.get(id!);
    if (!held) return [404, problem(404, `${id} not found`)];
    if (!rest) return [200, held];
    const key = `${resource}/${id}`;
    if (method === 'PUT') {
      const wanted = body as Record<string, unknown>;
      const other = [...platform.connections].find(
        ([name, one]) => name !== key && one['repositoryPath'] === wanted['repositoryPath'],
      );
      if (other) return [409, problem(409, `The file is already connected to ${other[0]}`)];
      if (!wanted['gitConnectionType'] && !wanted['gitCredentialExternalId'])
        return [422, problem(422, 'No git credentials found')];
      platform.connections.set(key, {
        repositoryBranch: 'main',
        ...wanted,
        gitConnectionId: '0b5d2b43-4f6e-4e38-8d13-5b36b1f3c0aa',
        syncStatus: 'UP_TO_DATE',
      });
    }
    const connection = platform.connections.get(key);
    return connection ? [200, connection] : [404, problem(404, 'No git connection')];
  }

  function send(
    response: ServerResponse,
    status: number,
    value: unknown,
    operation?: Operation,
    name = '',
    link?: string,
  ): void {
    if (operation) {
      const declared = operation.responses[status];
      const resolved = declared?.$ref
        ? description.components.responses[declared.$ref.split('/').at(-1)!]
        : declared;
      const schema = Object.values(resolved?.content ?? {})[0]?.schema;
      if (!resolved) platform.violations.push(`${name}: the description has no answer ${status}`);
      else if (schema)
        platform.violations.push(...problems(schema, value).map((one) => `${name}: answer ${one}`));
    }
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    response
      .writeHead(status, { 'content-type': type, ...(link !== undefined && { link }) })
      .end(JSON.stringify(value));
  }

  return platform;
}

function fail(response: ServerResponse, fault: Fault): void {
  if ('kind' in fault) {
    if (fault.kind === 'not-json')
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>proxy</html>');
    else {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('[');
      setTimeout(() => response.destroy(), 5);
    }
    return;
  }
  const { status, html, detail = '', retryAfter } = fault;
  response.writeHead(status, {
    'content-type': html ? 'text/html' : 'application/problem+json',
    ...(retryAfter !== undefined && { 'retry-after': retryAfter }),
  });
  response.end(html ? '<html>oops</html>' : JSON.stringify(problem(status, detail)));
}

function problem(status: number, detail: string): object {
  return { type: 'about:blank', title: 'Problem', status, detail };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body === '' ? undefined : (JSON.parse(body) as unknown);
}

function findOperation(method: string, path: string): Operation | undefined {
  for (const [template, operations] of Object.entries(description.paths)) {
    const pattern = new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
    if (pattern.test(path)) return operations[method.toLowerCase()];
  }
  return undefined;
}
