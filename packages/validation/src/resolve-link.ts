/** Where a link leads, read the way GitHub reads it. */
export type LinkTarget =
  /** Another host, mail, a script: nothing that lies in the tree. */
  | { kind: 'external' }
  /** The percent-encoding cannot be decoded. */
  | { kind: 'malformed' }
  /** Above the root of the repository. */
  | { kind: 'outside' }
  /** A path in the tree, without slashes at its ends; empty for the root. */
  | { kind: 'path'; path: string; fragment: string | undefined; directory: boolean };

/** Pages of the forge that documents reach by climbing out of the repository: `../../issues`. */
const forgePages =
  /^\/?(?:\.\.\/)+(?:issues|pulls?|wiki|releases|discussions|actions|milestones?|labels|projects|security|compare|commits?|tree|blob|graphs|stargazers|network)(?:[/?#]|$)/;

/**
 * Resolves a link's destination against the file that it stands in: relative to the file's directory, or, with a
 * leading slash, to the root of the repository. Queries are dropped.
 */
export function resolveLink(url: string, fromPath: string): LinkTarget {
  if (isElsewhere(url)) return { kind: 'external' };
  const hash = url.indexOf('#');
  const pathname = (hash < 0 ? url : url.slice(0, hash)).replace(/\?.*$/s, '');
  try {
    const fragment = hash < 0 ? undefined : decodeURIComponent(url.slice(hash + 1));
    if (pathname === '') return { kind: 'path', path: fromPath, fragment, directory: false };
    const path = joinPath(decodeURIComponent(pathname), fromPath);
    if (path === undefined) return { kind: forgePages.test(url) ? 'external' : 'outside' };
    return { kind: 'path', path, fragment, directory: /(?:^|\/)\.{0,2}$/.test(pathname) };
  } catch {
    return { kind: 'malformed' };
  }
}

/** Whether a destination has a scheme or a host of its own. */
export function isElsewhere(url: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(url);
}

function joinPath(pathname: string, fromPath: string): string | undefined {
  const segments = pathname.startsWith('/') ? [] : fromPath.split('/').slice(0, -1);
  for (const segment of pathname.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}
