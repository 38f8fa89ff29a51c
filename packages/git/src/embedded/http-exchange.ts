import { request as requestPlain, type IncomingMessage } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { RemoteOptions } from '../backend.js';
import { GitError } from '../git-error.js';
import { beyondLimit, type Timeouts } from '../limits.js';

/** What is sent; with a body it is a POST. */
export interface ExchangeRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** The answer is broken off beyond this. */
  readonly maxBytes: number;
}

/** What came back; `url` is where redirections led. */
export interface ExchangeAnswer {
  readonly body: Buffer;
  readonly type: string | undefined;
  readonly url: string;
}

const MAX_REDIRECTIONS = 5;

/** Bytes a second below which a remote counts as silent. */
const SLOWEST = 10;

type Options = Pick<RemoteOptions, 'url' | 'timeouts' | 'signal'>;

/**
 * One HTTP exchange within its limits: of connecting, of silence, of the whole, and of size. Follows
 * the redirections of a GET, never to an unencrypted page, and takes no login to another host. Fails
 * with `authentication`, `not-a-repository`, `unreachable`, `timeout`, `too-large`, or the signal's reason.
 */
export async function exchange(
  address: string,
  request: ExchangeRequest,
  options: Options,
): Promise<ExchangeAnswer> {
  const { signal, timeouts, url } = options;
  signal?.throwIfAborted();
  const ended = new AbortController();
  const end = (error: unknown): void => ended.abort(error);
  const total = setTimeout(() => end(timedOut(url, 'totalMs', timeouts)), timeouts.totalMs).unref();
  const abort = (): void => end(signal?.reason);
  signal?.addEventListener('abort', abort);
  try {
    return await follow(new URL(address), request, options, ended, MAX_REDIRECTIONS);
  } catch (cause) {
    ended.signal.throwIfAborted();
    if (cause instanceof GitError) throw cause;
    throw unreachable(url, cause as Error);
  } finally {
    clearTimeout(total);
    signal?.removeEventListener('abort', abort);
  }
}

async function follow(
  address: URL,
  request: ExchangeRequest,
  options: Options,
  ended: AbortController,
  left: number,
): Promise<ExchangeAnswer> {
  const response = await send(address, request, options, ended);
  const { statusCode = 0, headers } = response;
  const isRedirection = [301, 302, 303, 307, 308].includes(statusCode) && headers.location;
  if (isRedirection && request.body === undefined && left > 0) {
    response.destroy();
    const next = new URL(headers.location ?? '', address);
    checkRedirection(address, next, options.url);
    const { authorization, ...others } = request.headers;
    const kept = next.origin === address.origin && authorization ? { authorization } : {};
    return follow(next, { ...request, headers: { ...others, ...kept } }, options, ended, left - 1);
  }
  if (statusCode < 200 || statusCode > 299) {
    response.destroy();
    throw describeStatus(statusCode, options.url);
  }
  if (!['identity', undefined].includes(headers['content-encoding'])) {
    response.destroy();
    throw new GitError('unreachable', `${options.url}: the answer is compressed, unasked`, {
      data: { url: options.url },
      hint: 'check the URL and what answers there',
    });
  }
  const body = await readBody(response, request.maxBytes, options, ended);
  return { body, type: headers['content-type'], url: address.href };
}

function send(
  address: URL,
  wanted: ExchangeRequest,
  options: Options,
  ended: AbortController,
  again = true,
): Promise<IncomingMessage> {
  const { headers, body } = wanted;
  const { url, timeouts } = options;
  return new Promise((resolve, reject) => {
    const request = (address.protocol === 'https:' ? requestSecure : requestPlain)(address, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...headers, ...(body === undefined ? {} : { 'content-length': body.length }) },
      signal: ended.signal,
    });
    const connecting = setTimeout(
      () => ended.abort(timedOut(url, 'connectMs', timeouts)),
      timeouts.connectMs,
    ).unref();
    request.on('socket', (socket) => {
      if (request.reusedSocket) return clearTimeout(connecting);
      const event = address.protocol === 'https:' ? 'secureConnect' : 'connect';
      socket.once(event, () => clearTimeout(connecting));
    });
    request.setTimeout(timeouts.idleMs, () => ended.abort(timedOut(url, 'idleMs', timeouts)));
    request.on('close', () => clearTimeout(connecting));
    request.on('error', (error: NodeJS.ErrnoException) => {
      // A connection that was kept may have ended meanwhile, before it took what was sent.
      const stale = request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(error.code ?? '');
      if (!stale || !again || ended.signal.aborted) return reject(error);
      send(address, wanted, options, ended, false).then(resolve, reject);
    });
    request.on('response', resolve);
    request.end(body);
  });
}

async function readBody(
  response: IncomingMessage,
  maxBytes: number,
  { url, timeouts }: Options,
  ended: AbortController,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  let before = 0;
  const slowest = (SLOWEST * timeouts.idleMs) / 1000;
  const pace = setInterval(() => {
    if (size - before < slowest) ended.abort(timedOut(url, 'idleMs', timeouts));
    before = size;
  }, timeouts.idleMs).unref();
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) {
        throw beyondLimit('answerBytes', `${url} sends ${size} bytes and more`, maxBytes);
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    clearInterval(pace);
    response.destroy();
  }
}

function checkRedirection(from: URL, to: URL, url: string): void {
  const isSafe = to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:');
  if (isSafe && to.username === '' && to.password === '') return;
  throw new GitError('unreachable', `${url}: the remote leads to a place that is not followed`, {
    data: { url, protocol: to.protocol },
    hint: 'check the URL and what answers there',
  });
}

function describeStatus(status: number, url: string): GitError {
  const data = { url, status };
  if (status === 401 || status === 403) {
    return new GitError(
      'authentication',
      `${url}: the remote refused the credentials, or wants some (HTTP ${status})`,
      { data, hint: 'check the token and its permissions' },
    );
  }
  if (status === 404 || status === 410) {
    return new GitError(
      'not-a-repository',
      `${url}: there is no repository, or none that these credentials may see (HTTP ${status})`,
      { data, hint: 'check the URL and the permissions' },
    );
  }
  return new GitError('unreachable', `${url}: the remote answered with HTTP ${status}`, {
    data,
    hint: 'try again later',
  });
}

function unreachable(url: string, cause: Error): GitError {
  const reason = cause.message || (cause as NodeJS.ErrnoException).code || 'it broke off';
  return new GitError('unreachable', `${url}: the remote could not be reached (${reason})`, {
    cause,
    data: { url },
    hint: 'check the URL, the network and the proxy',
  });
}

function timedOut(url: string, name: keyof Timeouts, timeouts: Timeouts): GitError {
  const words = { connectMs: 'no connection', idleMs: 'too little said', totalMs: 'no end' }[name];
  return new GitError('timeout', `${url}: ${words} within ${timeouts[name]} ms`, {
    data: { url, timeout: name, milliseconds: timeouts[name] },
    hint: `try again; if the remote is slow, raise timeouts.${name} (now ${timeouts[name]})`,
  });
}
