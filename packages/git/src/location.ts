import { GitError } from './git-error.js';

/** Where a repository is: a local path, or a URL (or scp-like address) to fetch from. */
export type Location =
  | { readonly kind: 'path'; readonly path: string }
  | {
      readonly kind: 'url';
      /** Normalised, without credentials. */
      readonly url: string;
      readonly protocol: 'http' | 'https' | 'ssh' | 'git' | 'file';
    };

const PROTOCOLS = ['http', 'https', 'ssh', 'git', 'file'] as const;

/**
 * Reads a location as git would. Fails with `invalid-location` on other protocols (among them
 * `ext::`), on credentials in the URL and on what a command could take for an option.
 */
export function parseLocation(location: string): Location {
  if (location === '' || /[\0-\x1f\x7f]/.test(location)) {
    throw invalid(location, 'it is empty or has control characters');
  }
  if (/^[a-z][a-z0-9+.-]*::/i.test(location))
    throw invalid(location, 'remote helpers are not used');
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(location)) return parseUrl(location);
  const scp = /^(?:[^/:@]+@)?(?:\[[^\]]+\]|[^/:]{2,}):(?!\\)(.*)$/.exec(location);
  if (scp === null) return { kind: 'path', path: location };
  if (location.startsWith('-') || scp[1]?.startsWith('-') === true || scp[1] === '') {
    throw invalid(location, 'a host or path must not be empty or begin with a dash');
  }
  return { kind: 'url', url: location, protocol: 'ssh' };
}

/**
 * The form of a location that is the same for each way to write it: scheme and host in lower case,
 * no default port, no credentials, no trailing slash. Paths and scp-like addresses stay.
 */
export function normalizeLocation(location: string): string {
  const parsed = parseLocation(redactLocation(location));
  return parsed.kind === 'path' ? parsed.path : parsed.url;
}

/** The location without credentials: a user only where it is ssh's, no query where it is http's. */
export function redactLocation(location: string): string {
  const shown = location.replace(
    /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)@/i,
    (_match, scheme: string, user: string) => {
      const isSsh = /^(?:git\+)?ssh:/i.test(scheme);
      const name = user.split(':')[0] ?? '';
      return isSsh && name !== '' ? `${scheme}${name}@` : scheme;
    },
  );
  return /^https?:/i.test(shown) ? shown.replace(/[?#].*/s, '') : shown;
}

function parseUrl(location: string): Location {
  if (!URL.canParse(location)) throw invalid(location, 'it is not a valid URL');
  const url = new URL(location);
  const protocol = PROTOCOLS.find((known) => `${known}:` === url.protocol);
  if (protocol === undefined) throw invalid(location, `${url.protocol}// is not supported`);
  if (url.password !== '' || (url.username !== '' && protocol !== 'ssh')) {
    throw new GitError(
      'invalid-location',
      `${redactLocation(location)}: a URL must not carry credentials`,
      { hint: 'hand credentials over separately, by a credential helper or the environment' },
    );
  }
  if (url.search !== '' && protocol.startsWith('http')) {
    throw invalid(location, 'a URL must not carry a query; hand credentials over separately');
  }
  if (url.hostname.startsWith('-') || url.username.startsWith('-')) {
    throw invalid(location, 'a host must not begin with a dash');
  }
  url.hash = '';
  return { kind: 'url', protocol, url: url.href.replace(/\/+$/, '') };
}

function invalid(location: string, reason: string): GitError {
  const shown = redactLocation(location);
  return new GitError('invalid-location', `${JSON.stringify(shown)} is no repository: ${reason}`, {
    data: { location: shown },
    hint: 'give a path, or an http, https, ssh, git or file URL',
  });
}
