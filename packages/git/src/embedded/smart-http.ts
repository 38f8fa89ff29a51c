import type { RemoteOptions } from '../backend.js';
import { askCredentials } from '../credentials.js';
import { GitError } from '../git-error.js';
import { beyondLimit } from '../limits.js';
import { sha256Repository } from '../location-errors.js';
import { isObjectId } from '../object-id.js';
import { exchange } from './http-exchange.js';
import { decodePackets } from './pkt-line.js';
import { unsupported } from './unsupported.js';

/** The two services of git over HTTP; see git's gitprotocol-http. */
export type Service = 'git-upload-pack' | 'git-receive-pack';

/** The refs of a remote. */
export interface RemoteRefs {
  /** By full name. */
  readonly refs: ReadonlyMap<string, string>;
  /** The ref that HEAD names. */
  readonly head?: string;
}

/** What a remote says of itself. */
export interface Advertisement extends RemoteRefs {
  readonly capabilities: ReadonlySet<string>;
  /** Sends a request to the same service. */
  send(body: Uint8Array): Promise<Buffer>;
}

/** A listing of refs has at most so many bytes for each; a name has up to 1,024. */
const BYTES_PER_REF = 1_100;

/** How many bytes a listing of refs may have. */
export function listingBytes({ limits }: RemoteOptions): number {
  return Math.min(limits.answerBytes, limits.refs * BYTES_PER_REF);
}

/** The headers of every request to a remote: the login goes with the first one, unasked. */
export async function requestHeaders({
  url,
  credentials,
}: RemoteOptions): Promise<Record<string, string>> {
  const login = await askCredentials(credentials, url);
  const agent = { 'user-agent': 'git/holdfast' };
  if (login === undefined) return agent;
  const pair = Buffer.from(`${login.username}:${login.password}`).toString('base64');
  return { ...agent, authorization: `Basic ${pair}` };
}

/**
 * Sends a request to a service without asking first where it is and what it can. Undefined when it did
 * not take it so; then `discover` is the way, which says why, and follows redirections.
 */
export async function sendAtOnce(
  service: Service,
  { body, maxBytes, version }: { body: Uint8Array; maxBytes: number; version?: string },
  options: RemoteOptions,
): Promise<Buffer | undefined> {
  const headers = {
    ...(await requestHeaders(options)),
    'content-type': `application/x-${service}-request`,
    accept: `application/x-${service}-result`,
    ...(version === undefined ? {} : { 'git-protocol': version }),
  };
  const request = { body, headers, maxBytes };
  try {
    const answer = await exchange(`${options.url}/${service}`, request, options);
    return answer.type === `application/x-${service}-result` ? answer.body : undefined;
  } catch (error) {
    const refused = error instanceof GitError && error.data['status'] !== undefined;
    if (!refused || error.code === 'authentication') throw error;
    return undefined;
  }
}

/** Asks a remote for its refs, within the limits of size and time. */
export async function discover(service: Service, options: RemoteOptions): Promise<Advertisement> {
  const { url, limits } = options;
  const headers = await requestHeaders(options);
  const path = `/info/refs?service=${service}`;
  const found = await exchange(
    `${url}${path}`,
    { headers, maxBytes: listingBytes(options) },
    options,
  );
  if (found.type !== `application/x-${service}-advertisement`) {
    throw new GitError('not-a-repository', `${url} does not speak git's smart HTTP`, {
      data: { url, contentType: found.type },
      hint: 'check the URL',
    });
  }
  // A redirection moves the repository; the login stays behind if the host changed.
  const base = found.url.endsWith(path) ? found.url.slice(0, -path.length) : url;
  if (new URL(base).origin !== new URL(url).origin) delete headers['authorization'];
  return {
    ...parseAdvertisement(found.body, options),
    async send(body) {
      const type = `application/x-${service}-request`;
      const request = {
        body,
        headers: { ...headers, 'content-type': type },
        maxBytes: limits.answerBytes,
      };
      return (await exchange(`${base}/${service}`, request, options)).body;
    },
  };
}

/** Lines are `OID SP NAME`, the first with NUL and the capabilities behind it. */
function parseAdvertisement(
  body: Buffer,
  { url, limits }: RemoteOptions,
): Omit<Advertisement, 'send'> {
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
    if (refs.size > limits.refs) {
      throw beyondLimit('refs', `${url} has more than ${limits.refs} refs`, limits.refs);
    }
  }
  if (capabilities.includes('object-format=sha256')) throw sha256Repository(url);
  refs.delete('capabilities^{}');
  const head = capabilities.find((each) => each.startsWith('symref=HEAD:'))?.slice(12);
  return { refs, capabilities: new Set(capabilities), ...(head === undefined ? {} : { head }) };
}
