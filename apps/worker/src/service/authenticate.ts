import { timingSafeEqual } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { tokenDigest } from '../store/settings.js';
import { openSession } from './session.js';
import type { Identity, Role } from './session.js';

/** The cookie of a session. */
export const SESSION_COOKIE = 'holdfast_session';

/** Sign-in by a proxy in front that names the user in a header. */
export interface ProxySignIn {
  /** The header, in lower case. */
  readonly header: string;
  /** The addresses that the proxy comes from; a header from elsewhere is ignored. */
  readonly from: readonly string[];
}

/** Who may come in, and how. */
export interface SignIn {
  /** SHA-256 of tokens, in hexadecimal, with what they allow. */
  readonly tokens: readonly { readonly digest: string; readonly role: Role }[];
  readonly proxy?: ProxySignIn;
  /** Names (of a proxy's header or of OIDC) that may act; `*` for everyone. All others look. */
  readonly actors: readonly string[];
  readonly key: Buffer;
  readonly clock: () => Date;
}

/** Who asks: by bearer token, by session, or as the proxy says; undefined for a stranger. */
export function authenticate(request: FastifyRequest, signIn: SignIn): Identity | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) {
    const role = roleOfToken(bearer, signIn);
    return role && { name: 'token', role };
  }
  const session = request.cookies[SESSION_COOKIE];
  if (session !== undefined) return openSession(session, { key: signIn.key, now: signIn.clock() });
  return signIn.proxy && byProxy(request, signIn.proxy, signIn);
}

/** What a token allows; undefined when it is none of ours. */
export function roleOfToken(token: string, { tokens }: Pick<SignIn, 'tokens'>): Role | undefined {
  const digest = Buffer.from(tokenDigest(token), 'hex');
  return tokens.find((known) => timingSafeEqual(Buffer.from(known.digest, 'hex'), digest))?.role;
}

/** What somebody may do whom a proxy or an OIDC provider named. */
export function roleOfName(name: string, { actors }: Pick<SignIn, 'actors'>): Role {
  return actors.includes('*') || actors.includes(name) ? 'act' : 'look';
}

function byProxy(
  request: FastifyRequest,
  { header, from }: ProxySignIn,
  signIn: SignIn,
): Identity | undefined {
  const name = request.headers[header];
  const address = request.socket.remoteAddress ?? '';
  if (typeof name !== 'string' || name === '' || !isFrom(address, from)) return undefined;
  return { name, role: roleOfName(name, signIn) };
}

function isFrom(address: string, from: readonly string[]): boolean {
  const plain = address.replace(/^::ffff:(?=\d)/, '');
  const list = new BlockList();
  for (const entry of from) {
    const [network = '', bits] = entry.split('/');
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(bits), family);
  }
  return isIP(plain) !== 0 && list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
}
