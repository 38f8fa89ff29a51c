import type { RemoteOptions } from '../backend.js';
import { askCredentials } from '../credentials.js';
import { GitError } from '../git-error.js';
import { sha256Repository } from '../location-errors.js';
import { isObjectId } from '../object-id.js';
import { decodePackets } from './pkt-line.js';
import { unsupported } from './unsupported.js';

/** The two services of git over HTTP; see git's gitprotocol-http. */
export type Service = 'git-upload-pack' | 'git-receive-pack';

/** What a remote says of itself. */
export interface Advertisement {
  /** All refs, by full name. */
  readonly refs: ReadonlyMap<string, string>;
  /** The ref that HEAD names. */
  readonly head?: string;
  readonly capabilities: ReadonlySet<string>;
  /** Sends a request to the same service. */
  send(body: Uint8Array): Promise<Buffer>;
}

/** A response larger than this is broken off; in bytes. */
const MAX_RESPONSE = 2 ** 31;

/** Asks a remote for its refs. The exchange ends after the timeout, or with the signal. */
export async function discover(service: Service, options: RemoteOptions): Promise<Advertisement> {
  const { url } = options;
  const credentials = await askCredentials(options.credentials, url);
  const headers: Record<string, string> = { 'user-agent': 'git/holdfast' };
  if (credentials !== undefined) {
    const pair = `${credentials.username}:${credentials.password}`;
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  const path = `/info/refs?service=${service}`;
  const found = await request(`${url}${path}`, { headers }, options);
  if (found.type !== `application/x-${service}-advertisement`) {
    throw new GitError('not-a-repository', `${url} does not speak git's smart HTTP`, {
      data: { url, contentType: found.type },
      hint: 'check the URL',
    });
  }
  // A redirection moves the repository; fetch() has dropped the credentials if the host changed.
  const base = found.url.endsWith(path) ? found.url.slice(0, -path.length) : url;
  if (new URL(base).origin !== new URL(url).origin) delete headers['authorization'];
  return {
    ...parseAdvertisement(found.body, url),
    async send(body) {
      const type = `application/x-${service}-request`;
      const init = { method: 'POST', body, headers: { ...headers, 'content-type': type } };
      return (await request(`${base}/${service}`, init, options)).body;
    },
  };
}

/** Lines are `OID SP NAME`, the first with NUL and the capabilities behind it. */
function parseAdvertisement(body: Buffer, url: string): Omit<Advertisement, 'send'> {
  const refs = new Map<string, string>();
  let capabilities: string[] = [];
  for (const packet of decodePackets(body)) {
    const line = packet?.toString().replace(/\n$/, '') ?? '#';
    if (line.startsWith('shallow ')) throw unsupported(`${url} is a shallow repository`);
    if (line.startsWith('ERR ')) throw new GitError('not-a-repository', `${url}: ${line.slice(4)}`);
    const [ref = '', list] = line.split('\0');
    if (list !== undefined) capabilities = list.trim().split(' ');
    if (isObjectId(ref.slice(0, 40)) && !ref.endsWith('^{}'))
      refs.set(ref.slice(41), ref.slice(0, 40));
  }
  if (capabilities.includes('object-format=sha256')) throw sha256Repository(url);
  refs.delete('capabilities^{}');
  const head = capabilities.find((each) => each.startsWith('symref=HEAD:'))?.slice(12);
  return { refs, capabilities: new Set(capabilities), ...(head === undefined ? {} : { head }) };
}

async function request(
  address: string,
  init: { method?: string; headers: Record<string, string>; body?: Uint8Array },
  { url, timeoutMs, signal }: RemoteOptions,
): Promise<{ body: Buffer; type: string | null; url: string }> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const { body, ...rest } = init;
    const response = await fetch(address, {
      ...rest,
      ...(body === undefined ? {} : { body: Uint8Array.from(body) }),
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw describeStatus(response.status, url);
    }
    const type = response.headers.get('content-type');
    return { body: await readBody(response, url), type, url: response.url };
  } catch (cause) {
    if (cause instanceof GitError) throw cause;
    signal?.throwIfAborted();
    if (timeout.aborted) {
      throw new GitError('timeout', `${url} did not answer within ${timeoutMs} ms`, {
        data: { url, timeoutMs },
      });
    }
    throw unreachable(url, cause as Error);
  }
}

async function readBody(response: Response, url: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_RESPONSE) {
      throw new GitError('too-large', `${url} sends more than ${MAX_RESPONSE} bytes`, {
        hint: 'install the git program for repositories of this size',
      });
    }
  }
  return Buffer.concat(chunks);
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
  const reason = cause.cause instanceof Error ? cause.cause.message : cause.message;
  return new GitError('unreachable', `${url}: the remote could not be reached (${reason})`, {
    cause,
    data: { url },
    hint: 'check the URL, the network and the proxy',
  });
}
