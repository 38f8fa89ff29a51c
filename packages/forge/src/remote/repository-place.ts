import { ForgeError } from '../port/forge-error.js';

/** Where a repository lies on a forge. */
export interface RepositoryPlace {
  /** In lower case, with a port where the URL names one. */
  readonly host: string;
  /** `owner/name`; on GitLab groups may nest: `group/sub/name`. */
  readonly path: string;
}

/**
 * The host and path of a repository's URL: `https://…`, `ssh://…` or `user@host:path`, with or without
 * `.git`. Undefined when it names no repository on a host.
 */
export function parseRepositoryPlace(url: string): RepositoryPlace | undefined {
  const parts = /^(?:https?|ssh):\/\//i.test(url) ? readUrl(url) : readScp(url);
  if (parts === undefined) return undefined;
  const segments = parts.path.split('/').filter((segment) => segment !== '');
  const name = segments.pop()?.replace(/\.git$/i, '');
  if (name === undefined || name === '' || segments.length === 0) return undefined;
  const all = [...segments, name];
  if (!all.every((segment) => /^[\w.~-]+$/.test(segment) && !/^\.\.?$/.test(segment))) {
    return undefined;
  }
  return { host: parts.host.toLowerCase(), path: all.join('/') };
}

function readUrl(url: string): { host: string; path: string } | undefined {
  if (!URL.canParse(url)) return undefined;
  const { host, hostname, protocol, pathname } = new URL(url);
  // The port of ssh is not the port of the API.
  return { host: protocol === 'ssh:' ? hostname : host, path: pathname };
}

function readScp(url: string): { host: string; path: string } | undefined {
  const match = /^(?:[^/:@\s]+@)?([^/:@\s]{2,}):([^\s]+)$/.exec(url);
  return match ? { host: match[1]!, path: match[2]! } : undefined;
}

/** The API of a host where custom puts it: for GitHub and its own servers, GitLab and Forgejo. */
export function defaultApiUrl(kind: 'github' | 'gitlab' | 'forgejo', host: string): string {
  const scheme = /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(host) ? 'http' : 'https';
  switch (kind) {
    case 'github':
      return /^(?:ssh\.|www\.)?github\.com$/.test(host)
        ? 'https://api.github.com'
        : `${scheme}://${host}/api/v3`;
    case 'gitlab':
      return `${scheme}://${host.replace(/^altssh\./, '')}/api/v4`;
    case 'forgejo':
      return `${scheme}://${host}/api/v1`;
  }
}

/** The place of a repository. @throws ForgeError `invalid-argument` when the URL names none. */
export function requireRepositoryPlace(url: string): RepositoryPlace {
  const place = parseRepositoryPlace(url);
  if (place !== undefined) return place;
  throw new ForgeError('invalid-argument', `${JSON.stringify(url)} names no repository on a host`, {
    hint: 'Give a URL such as https://github.com/org/repository.git.',
  });
}
