import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionRequest } from '../git/connection-request.js';
import type { GitConnectionType } from '../git/normalize-remote.js';
import { isMapping, listOf, member, textOf } from '../mapping.js';
import { codeOfStatus, PlatformError } from './platform-error.js';
import type { AccessAgreement, GitConnection } from './platform-state.js';

export interface PlatformClientOptions {
  /** For example `https://api.entropy-data.com`. */
  readonly host: string;
  readonly apiKey: string;
  /** Default: that of the runtime. */
  readonly fetch?: typeof fetch;
  /** Longest time for one answer, in milliseconds. Default 15,000. */
  readonly timeoutMs?: number;
  /** How often a reading request is tried again after 429, 5xx or a cut connection. Default 2. */
  readonly retries?: number;
  readonly signal?: AbortSignal;
}

export type Resource = 'dataproducts' | 'datacontracts';

/** The requests of the platform's REST API that the audit and the fix make. */
export interface PlatformClient {
  readonly host: string;
  /** Also the test of the connection: it needs a good key. */
  listTeams(): Promise<{ id: string; name: string }[]>;
  /** The product or contract as JSON; undefined where it is not published. */
  getResource(
    resource: Resource,
    id: string,
  ): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Undefined where there is no connection, or no such product or contract: ask for that, too. */
  getGitConnection(resource: Resource, id: string): Promise<GitConnection | undefined>;
  /** Creates or overwrites; never tried again. */
  putGitConnection(
    resource: Resource,
    id: string,
    request: ConnectionRequest,
  ): Promise<GitConnection>;
  /** The agreements under which a product reads from others. */
  listAccess(consumerDataProductId: string): Promise<AccessAgreement[]>;
}

/** Longest answer that is read, in bytes. */
const MAX_BYTES = 32 * 1_048_576;
const MAX_PAGES = 1000;
/** Longest wait that a server may ask for, in milliseconds. */
const MAX_WAIT = 5000;

/**
 * A client of the platform's REST API. The key goes to this host alone, over HTTPS or to this machine, in a header; it
 * is in no error.
 *
 * @throws PlatformError from each request that has no sensible answer.
 */
export function createPlatformClient(options: PlatformClientOptions): PlatformClient {
  const host = options.host.replace(/\/+$/, '');
  const base = checkHost(host);
  const requester: Requester = { ...options, base, fetch: options.fetch ?? fetch };
  const get = (path: string) => read(requester, path);

  async function list(path: string): Promise<unknown[]> {
    const all: unknown[] = [];
    for (let page = 0; page < MAX_PAGES; page++) {
      const separator = path.includes('?') ? '&' : '?';
      const answer = await request(requester, 'GET', `${path}${separator}p=${page}`);
      if (!Array.isArray(answer.body)) throw badAnswer(path, 'a list');
      for (const one of listOf(answer.body)) all.push(one);
      if (!/\brel="?next"?/.test(answer.link)) break;
    }
    return all;
  }

  return {
    host,
    async listTeams() {
      const teams = await list('/api/teams');
      return teams.flatMap((team) => {
        const id = textOf(member(team, 'id'));
        return id === undefined ? [] : [{ id, name: textOf(member(team, 'name')) ?? id }];
      });
    },
    async getResource(resource, id) {
      const body = await get(`/api/${resource}/${encodeURIComponent(id)}`);
      if (body !== undefined && !isMapping(body)) throw badAnswer(resource, 'an object');
      return body;
    },
    async getGitConnection(resource, id) {
      const path = connectionPath(resource, id);
      const body = await get(path);
      return body === undefined ? undefined : readConnection(body, path);
    },
    async putGitConnection(resource, id, connection) {
      const path = connectionPath(resource, id);
      const { body } = await request(requester, 'PUT', path, connection);
      return readConnection(body, path);
    },
    async listAccess(consumerDataProductId) {
      const agreements = await list(
        `/api/access?consumerDataProductId=${encodeURIComponent(consumerDataProductId)}`,
      );
      return agreements.flatMap(readAgreement);
    },
  };
}

function checkHost(host: string): string {
  const url = URL.parse(host);
  const isLocal = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLocal))) {
    throw new PlatformError(
      'unreachable',
      `the host ${url?.host ?? 'of the platform'} must be an HTTPS URL`,
      { hint: 'name it as https://…' },
    );
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function connectionPath(resource: Resource, id: string): string {
  return `/api/${resource}/${encodeURIComponent(id)}/gitconnection`;
}

interface Requester extends Omit<PlatformClientOptions, 'fetch'> {
  readonly base: string;
  readonly fetch: typeof fetch;
}

interface Answer {
  readonly body: unknown;
  readonly link: string;
}

/** Undefined for 404. */
async function read(requester: Requester, path: string): Promise<unknown> {
  try {
    return (await request(requester, 'GET', path)).body;
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'not-found') return undefined;
    throw error;
  }
}

async function request(
  requester: Requester,
  method: 'GET' | 'PUT',
  path: string,
  body?: object,
): Promise<Answer> {
  const { retries = 2, signal } = requester;
  for (let attempt = 0; ; attempt++) {
    try {
      return await requestOnce(requester, method, path, body);
    } catch (error) {
      const again =
        method === 'GET' && attempt < retries && error instanceof PlatformError && isPassing(error);
      if (!again) throw error;
      await sleep(
        Math.min((error as Retryable).retryAfterMs ?? 200 * 2 ** attempt, MAX_WAIT),
        undefined,
        { ...(signal && { signal }) },
      );
    }
  }
}

interface Retryable {
  retryAfterMs?: number;
}

function isPassing({ code }: PlatformError): boolean {
  return code === 'unreachable' || code === 'rate-limited' || code === 'server-error';
}

async function requestOnce(
  { base, apiKey, fetch: send, timeoutMs = 15_000, signal }: Requester,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  let response: Response;
  let text: string;
  try {
    response = await send(`${base}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        'x-api-key': apiKey,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      // A redirection could carry the key elsewhere.
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    text = await readText(response);
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    signal?.throwIfAborted();
    const reason = timeout.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(error);
    throw new PlatformError(
      'unreachable',
      `${method} ${path} of ${hostOf(base)} failed: ${reason}`,
      { cause: error },
    );
  }
  const json = parseJson(text);
  if (response.ok) {
    if (json === undefined) throw badAnswer(path, 'JSON');
    return { body: json, link: response.headers.get('link') ?? '' };
  }
  throw failure(response, json, `${method} ${path} of ${hostOf(base)}`);
}

function hostOf(base: string): string {
  return URL.parse(base)?.host ?? '';
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const { code, message } = cause as { code?: unknown; message?: unknown };
  return textOf(code) ?? textOf(message) ?? 'the connection broke';
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).byteLength;
    if (size > MAX_BYTES)
      throw new PlatformError('bad-answer', `an answer of more than ${MAX_BYTES} bytes`);
    text += decoder.decode(chunk as Uint8Array, { stream: true });
  }
  return text + decoder.decode();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The problem that the platform names (RFC 9457), or the status where it sends something else. */
function failure({ status, headers }: Response, problem: unknown, what: string): PlatformError {
  const detail = textOf(member(problem, 'detail')) ?? textOf(member(problem, 'title'));
  const violations = listOf(member(problem, 'violations')).map((one) =>
    `${textOf(member(one, 'field')) ?? '?'} ${textOf(member(one, 'message')) ?? ''}`.trim(),
  );
  const said = [detail, ...violations].filter((part) => part !== undefined).join('; ');
  const error = new PlatformError(
    codeOfStatus(status),
    `${what} was answered with ${status}${said === '' ? '' : `: ${said.slice(0, 500)}`}`,
    { status },
  );
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds)
    ? Object.assign(error, { retryAfterMs: Math.max(0, seconds * 1000) } satisfies Retryable)
    : error;
}

function badAnswer(what: string, wanted: string): PlatformError {
  return new PlatformError(
    'bad-answer',
    `${what} was answered with something that is not ${wanted}`,
  );
}

function readConnection(body: unknown, path: string): GitConnection {
  const text = (key: string) => textOf(member(body, key));
  const [repositoryUrl, repositoryPath] = [text('repositoryUrl'), text('repositoryPath')];
  if (repositoryUrl === undefined || repositoryPath === undefined)
    throw badAnswer(path, 'a git connection');
  const optional = {
    gitConnectionType: text('gitConnectionType') as GitConnectionType | undefined,
    host: text('host'),
    gitCredentialExternalId: text('gitCredentialExternalId'),
    syncStatus: text('syncStatus') as GitConnection['syncStatus'],
  };
  const given = Object.entries(optional).filter(([, value]) => value !== undefined);
  return {
    repositoryUrl,
    repositoryPath,
    repositoryBranch: text('repositoryBranch') ?? 'main',
    ...Object.fromEntries(given),
  };
}

function readAgreement(agreement: unknown): AccessAgreement[] {
  const provider = member(agreement, 'provider');
  const [dataProductId, outputPortId] = [
    textOf(member(provider, 'dataProductId')),
    textOf(member(provider, 'outputPortId')),
  ];
  if (dataProductId === undefined || outputPortId === undefined) return [];
  const contractId = textOf(member(provider, 'dataContractId'));
  const active = member(member(agreement, 'info'), 'active') === true;
  return [{ active, dataProductId, outputPortId, ...(contractId !== undefined && { contractId }) }];
}
