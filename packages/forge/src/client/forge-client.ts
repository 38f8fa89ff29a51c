import type { z } from 'zod';

import { ForgeError } from '../port/forge-error.js';
import type { AnswerCache } from './answer-cache.js';
import { readAnswer, type Answer, type NoAnswer } from './answer.js';
import type { HostGate } from './host-gate.js';
import { failureOf, uncertain } from './failure.js';
import { readWait } from './read-wait.js';
import type { Call } from './call.js';

/** How a call proves who makes it. */
export interface Authorization {
  /** The headers to send; asked anew for each call, so that a token can be renewed in time. */
  headers(): Promise<Readonly<Record<string, string>>>;
  /** Called when the server took a token no more; true when there is a new one to try. */
  renew?(): Promise<boolean>;
}

/** What a client stands on. */
export interface ClientOptions {
  /** Where the API begins, such as `https://api.github.com`, without a slash at the end. */
  readonly apiUrl: string;
  readonly authorization: Authorization;
  readonly gate: HostGate;
  readonly clock: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly fetch?: typeof fetch;
  readonly cache?: AnswerCache;
  readonly signal?: AbortSignal;
  /** Sent with every call. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long one answer may take. Default 30,000. */
  readonly timeoutMs?: number;
  /** The longest wait that a server may ask for; one that asks for more ends the call. Default 60,000. */
  readonly maxWaitMs?: number;
}

/** A client of one API, behind its host's gate. */
export interface ForgeClient {
  readonly apiUrl: string;
  readonly host: string;
  /**
   * Makes a call. Waits as the server asks, and repeats what may be repeated.
   *
   * @throws ForgeError `authentication`, `forbidden`, `rate-limit`, `unreachable`, `bad-answer`,
   * `redirected`, `refused`; of a call that creates, `data.uncertain` says that it may have worked
   */
  call(call: Call): Promise<Answer>;
  /** Makes a call and checks its answer's shape. */
  read<T>(call: Call, schema: z.ZodType<T>): Promise<T>;
  /** The same; undefined when there is no such thing (404 or 410). */
  readIf<T>(call: Call, schema: z.ZodType<T>): Promise<T | undefined>;
  /** Reads all pages of a list, at most `limit` items (default 10,000). */
  readAll<T>(call: Call, schema: z.ZodType<T>, limit?: number): Promise<T[]>;
}

const attempts = 4;
const firstPauseMs = 500;
const redirectLimit = 5;

/** Creates a client. The token goes to the origin of `apiUrl` alone, whatever a server says. */
export function createForgeClient(options: ClientOptions): ForgeClient {
  const { apiUrl, gate, clock, sleep } = options;
  const { origin, host } = new URL(apiUrl);

  async function call(wanted: Call): Promise<Answer> {
    const { method } = wanted;
    const repeatable = wanted.repeatable ?? method !== 'POST';
    let renewed = false;
    for (let attempt = 1; ; attempt += 1) {
      const url = urlOf(apiUrl, wanted);
      const answer = await gate.pass(method !== 'GET', () => send(options, wanted, url));
      const last = attempt >= attempts;
      if ('kind' in answer) {
        if (!repeatable) throw uncertain(host, wanted, answer);
        if (last) throw unreachable(host, wanted, answer);
      } else {
        const wait = readWait(answer, clock());
        if (wait !== undefined) {
          const longest = options.maxWaitMs ?? 60_000;
          if (last || wait.getTime() - clock().getTime() > longest) throw limited(host, wait);
          gate.pauseUntil(wait);
          continue;
        }
        if (answer.status < 300 || wanted.expect?.includes(answer.status)) return answer;
        if (answer.status === 401 && !renewed && (await options.authorization.renew?.())) {
          renewed = true;
          continue;
        }
        if (answer.status < 500) throw failureOf(host, wanted, answer);
        if (!repeatable) throw uncertain(host, wanted, answer);
        if (last) throw failureOf(host, wanted, answer);
      }
      await sleep(firstPauseMs * 2 ** (attempt - 1));
    }
  }

  async function read<T>(wanted: Call, schema: z.ZodType<T>): Promise<T> {
    return parse(await call(wanted), wanted, schema);
  }

  function parse<T>({ body, text }: Answer, wanted: Call, schema: z.ZodType<T>): T {
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') || 'its body';
    const got = body === undefined ? `no JSON${text === '' ? '' : ` (${text.slice(0, 60)})`}` : '';
    throw new ForgeError(
      'bad-answer',
      `${host}: ${wanted.method} ${wanted.path}: ${where}: ${got || issue?.message || 'unexpected'}`,
      {
        hint: 'The answer is not what this forge describes: check api_url, and whether a proxy answers in its place.',
        data: { host, path: wanted.path, uncertain: wanted.method === 'POST' },
        cause: parsed.error,
      },
    );
  }

  async function readIf<T>(wanted: Call, schema: z.ZodType<T>): Promise<T | undefined> {
    const answer = await call({ ...wanted, expect: [404, 410] });
    return answer.status >= 400 ? undefined : parse(answer, wanted, schema);
  }

  async function readAll<T>(wanted: Call, schema: z.ZodType<T>, limit = 10_000): Promise<T[]> {
    const items: T[] = [];
    for (let next: Call | undefined = wanted; next !== undefined && items.length < limit;) {
      const answer: Answer = await call(next);
      for (const one of parse(answer, next, schema.array())) items.push(one);
      const link = nextPage(answer);
      next =
        link !== undefined && new URL(link, apiUrl).origin === origin
          ? { method: 'GET', path: new URL(link, apiUrl).href }
          : undefined;
    }
    return items.slice(0, limit);
  }

  return { apiUrl, host, call, read, readIf, readAll };
}

function urlOf(apiUrl: string, { path, query = {} }: Call): URL {
  const url = path.startsWith('/') ? new URL(apiUrl + path) : new URL(path);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

/** One exchange, redirects within the same origin included. */
async function send(options: ClientOptions, call: Call, first: URL): Promise<Answer | NoAnswer> {
  const { cache, authorization } = options;
  const credentials = await authorization.headers();
  const key = `${credentials['authorization'] ?? credentials['job-token'] ?? ''} ${first.href}`;
  const known = call.method === 'GET' ? cache?.get(key) : undefined;
  const headers: Record<string, string> = {
    accept: 'application/json',
    'user-agent': 'holdfast',
    ...options.headers,
    ...credentials,
    ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(known?.headers['etag'] === undefined ? {} : { 'if-none-match': known.headers['etag'] }),
  };
  let url = first;
  for (let hop = 0; hop <= redirectLimit; hop += 1) {
    const answer = await exchange(options, call, url, headers);
    if ('kind' in answer) return answer;
    if (answer.status === 304 && known !== undefined) return known;
    const location = answer.headers['location'];
    if (answer.status < 300 || answer.status >= 400 || location === undefined) {
      if (call.method === 'GET' && answer.status === 200 && answer.headers['etag'] !== undefined) {
        cache?.set(key, answer);
      }
      return answer;
    }
    url = redirect(call, url, location, answer.status);
  }
  throw new ForgeError('redirected', `${first.host}: ${call.path} redirects without end`, {
    data: { host: first.host, path: call.path },
  });
}

/** Where an answer sends, if that may be followed: the same origin, and nothing that changes the method. */
function redirect(call: Call, from: URL, location: string, status: number): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  const keepsMethod = status === 307 || status === 308 || call.method === 'GET';
  if (to !== undefined && to.origin === from.origin && keepsMethod) return to;
  const place = to === undefined ? 'no valid place' : `${to.origin}${to.pathname}`;
  throw new ForgeError(
    'redirected',
    `${from.host}: ${call.method} ${call.path} sends to ${place}`,
    {
      hint:
        to?.origin === from.origin
          ? 'The repository was moved or renamed: put its new name into the configuration.'
          : 'The token does not follow to another host: put the new address into url or api_url of the configuration, if you trust it.',
      data: { host: from.host, path: call.path, location: place },
    },
  );
}

async function exchange(
  { fetch: ask = fetch, signal, timeoutMs = 30_000 }: ClientOptions,
  { method, body }: Call,
  { href }: URL,
  headers: Record<string, string>,
): Promise<Answer | NoAnswer> {
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const response = await ask(href, {
      method,
      headers,
      redirect: 'manual',
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return await readAnswer(response);
  } catch (error) {
    signal?.throwIfAborted();
    const reason = limit.aborted ? `it took longer than ${timeoutMs} ms` : reasonOf(error);
    return { kind: 'no-answer', reason, cause: error };
  }
}

/** The words of a failed fetch; the cause says more than the error itself. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}

function unreachable(
  host: string,
  { method, path }: Call,
  { reason, cause }: NoAnswer,
): ForgeError {
  return new ForgeError('unreachable', `${host}: no answer to ${method} ${path}: ${reason}`, {
    hint: 'Check the network, the proxy and api_url; the next run goes on where this one stopped.',
    data: { host, path },
    cause,
  });
}

function limited(host: string, wait: Date): ForgeError {
  return new ForgeError('rate-limit', `${host}: it asks to wait until ${wait.toISOString()}`, {
    hint: 'Run again after that; the next run goes on where this one stopped.',
    data: { host, retryAt: wait.toISOString() },
  });
}

/** The next page's address, as `Link` gives it. */
function nextPage({ headers }: Answer): string | undefined {
  for (const link of (headers['link'] ?? '').split(',')) {
    const [address, ...parameters] = link.split(';');
    if (!parameters.some((parameter) => /^\s*rel="?next"?\s*$/.test(parameter))) continue;
    return /<([^>]+)>/.exec(address ?? '')?.[1];
  }
  return undefined;
}
