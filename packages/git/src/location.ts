import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GitError } from './git-error.js';
import { findToken } from './redact.js';

/** Where a repository is: a local path, or a URL (or scp-like address) to fetch from. */
export type Location =
  | { readonly kind: 'path'; readonly path: string }
  | {
      readonly kind: 'url';
      /** Normalised, without credentials. */
      readonly url: string;
      readonly protocol: Protocol;
      /** In lower case, with the port where it is not the protocol's own; empty for files. */
      readonly host: string;
      /** As the URL spells it, with its leading slash; of an scp-like address as it stands. */
      readonly path: string;
    };

/** The protocols that are spoken. */
export type Protocol = (typeof PROTOCOLS)[number];

const PROTOCOLS = ['http', 'https', 'ssh', 'git', 'file'] as const;

/** Names of protocols, which no ssh host bears: `https:/host/x` is a slip, not an address. */
const SCHEMES = /^(?:https?|ssh|git|file|ftps?|sftp|rsync|svn|git\+\w+|ext|fd)$/i;

const SSH_USER = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;
const HOST = /^(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])$/i;

/**
 * Reads a location, once and strictly: a path, an http, https, ssh, git or file URL, or an address
 * like `git@host:org/repo.git`. Fails with `invalid-location` on everything else: other protocols and
 * remote helpers (`ext::`), credentials, queries and fragments, what a command could take for an
 * option, white space around it. The error names the reason and never the text, which may be a secret.
 */
export function parseLocation(location: string): Location {
  if (location === '') throw invalid('it is empty');
  if (location !== location.trim()) throw invalid('it begins or ends with white space');
  if (/[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/.test(location)) {
    throw invalid('it has control or invisible characters');
  }
  if (!location.isWellFormed()) throw invalid('it is not well-formed Unicode');
  if (/^[a-z][a-z0-9+.-]*::/i.test(location)) throw invalid('remote helpers are not used');
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(location)) return parseUrl(location);
  const head = location.split('/', 1)[0] ?? '';
  if (/^[a-z]:[\\/]/i.test(location) || !head.includes(':')) return parsePath(location);
  return parseAddress(location);
}

/**
 * The location with a path made absolute from a folder; what is on another machine stays as it is.
 * Fails as `parseLocation`, which must see a location before anything is done with it.
 */
export function resolveLocation(folder: string, location: string): string {
  const parsed = parseLocation(location);
  return parsed.kind === 'path' ? resolve(folder, parsed.path) : location;
}

/**
 * The form of a location that is the same for each way to write it: scheme and host in lower case,
 * no default port, no trailing slash. Paths and scp-like addresses stay.
 */
export function normalizeLocation(location: string): string {
  const parsed = parseLocation(location);
  return parsed.kind === 'path' ? parsed.path : parsed.url;
}

/** The path on this machine that a location means: a path, or a file URL; undefined for others. */
export function localPath(location: Location): string | undefined {
  if (location.kind === 'path') return location.path;
  if (location.protocol !== 'file') return undefined;
  try {
    return fileURLToPath(location.url);
  } catch {
    throw invalid('a file URL must name a file of this machine');
  }
}

function parsePath(path: string): Location {
  if (path.includes('://')) throw invalid('it is neither a path nor a URL');
  return { kind: 'path', path };
}

/** Git's other way to write an ssh URL: `[USER@]HOST:PATH`. */
function parseAddress(location: string): Location {
  const [, user, host = '', path = ''] =
    /^(?:([^@:/[\]]+)@)?(\[[^\]/]+\]|[^:/@[\]]{2,}):(?!\\)(.*)$/s.exec(location) ?? [];
  if (!HOST.test(host) || SCHEMES.test(host)) throw invalid('it is neither a path nor a URL');
  checkUser(user);
  if (path === '' || path.startsWith('-')) {
    throw invalid('a host or path must not be empty or begin with a dash');
  }
  checkRemotePath(path);
  return { kind: 'url', protocol: 'ssh', url: location, host: host.toLowerCase(), path };
}

function parseUrl(location: string): Location {
  const url = URL.canParse(location) ? new URL(location) : undefined;
  if (url === undefined) throw invalid('it is not a valid URL');
  const protocol = PROTOCOLS.find((known) => `${known}:` === url.protocol);
  if (protocol === undefined) throw invalid('its protocol is not supported');
  if (/[?#]/.test(location)) throw invalid('a URL must bear neither a query nor a fragment', LOGIN);
  if (location.includes('\\')) throw invalid('a URL has no backslashes');
  const user = url.username === '' ? undefined : decode(url.username);
  const authority = /^[^:]+:\/\/([^/]*)/.exec(location)?.[1] ?? '';
  const bearsLogin = authority.includes('@') && (user === undefined || protocol !== 'ssh');
  if (url.password !== '' || bearsLogin) {
    throw invalid('a URL must not carry credentials', LOGIN);
  }
  checkUser(user);
  if (protocol !== 'file' && !HOST.test(url.hostname)) throw invalid('its host is none');
  checkRemotePath(url.pathname);
  return {
    kind: 'url',
    protocol,
    url: url.href.replace(/\/+$/, ''),
    host: url.host.toLowerCase(),
    path: url.pathname,
  };
}

function checkUser(user: string | undefined): void {
  if (user === undefined) return;
  if (!SSH_USER.test(user)) throw invalid("the user's name is none");
  if (findToken(user) !== undefined) throw invalid('it bears a token', LOGIN);
}

/** A secret that slipped from its place into the path would stand in manifests and messages. */
function checkRemotePath(path: string): void {
  const decoded = decode(path);
  if (/[\0-\x1f\x7f]/.test(decoded)) throw invalid('its path has control characters');
  if (/:[^/]*@|@[^/]*:/.test(decoded)) throw invalid('its path bears a login', LOGIN);
  if (findToken(decoded) !== undefined) throw invalid('its path bears a token', LOGIN);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('it has a percent sign that encodes nothing');
  }
}

const LOGIN = 'hand credentials over separately, by a credential helper or the environment';

function invalid(
  reason: string,
  hint = 'give a path, an http, https, ssh, git or file URL, or user@host:path',
): GitError {
  return new GitError(
    'invalid-location',
    `the location of a repository cannot be used: ${reason} (it is not shown: it may hold a secret)`,
    { data: { reason }, hint },
  );
}
