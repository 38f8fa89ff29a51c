/** What a URL in a document leads to, as far as its text tells. */
export type LocalLink =
  | {
      kind: 'local';
      /** Repository-relative, resolved, decoded; `''` is the root folder. */
      path: string;
      /** Whether it began with `/`, which is the repository's root. */
      rooted: boolean;
    }
  | { kind: 'elsewhere' }
  | { kind: 'outside' }
  | { kind: 'backslash' };

const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/;
const drive = /^[A-Za-z]:[\\/]/;

/**
 * Resolves a URL as a browser of repositories does: relative to the document's folder, or, with a
 * leading `/`, to the repository's root. Absolute URLs, fragments and queries alone lead `elsewhere`
 * (nothing to rewrite); a path that climbs out of the repository is `outside`; one with backslashes
 * means different things to different readers, and is neither resolved nor rewritten.
 */
export function resolveLink(url: string, documentPath: string): LocalLink {
  if (drive.test(url)) return { kind: 'backslash' };
  if (scheme.test(url) || url.startsWith('//')) return { kind: 'elsewhere' };
  const { path } = splitUrl(url);
  if (path === '') return { kind: 'elsewhere' };
  if (path.includes('\\')) return { kind: 'backslash' };
  const rooted = path.startsWith('/');
  const base = rooted ? [] : documentPath.split('/').slice(0, -1);
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') base.push(decodeSegment(segment));
    else if (base.pop() === undefined) return { kind: 'outside' };
  }
  return { kind: 'local', path: base.join('/'), rooted };
}

/** Splits a URL, or a raw destination, into its path and the rest (`?…`, `#…`). */
export function splitUrl(url: string): { path: string; suffix: string } {
  const at = url.search(/[?#]/);
  return at < 0 ? { path: url, suffix: '' } : { path: url.slice(0, at), suffix: url.slice(at) };
}

/** How a path is written into a document. */
export interface WriteLinkOptions {
  /** The destination that it replaces, as written: its spelling is kept where it can be. */
  raw: string;
  /** The same, decoded. */
  url: string;
  /** The document that will hold it. */
  documentPath: string;
  rooted: boolean;
}

/** Writes a link to a repository-relative path, with the query and fragment of what it replaces. */
export function writeLink(
  path: string,
  { raw, url, documentPath, rooted }: WriteLinkOptions,
): string {
  const rawParts = splitUrl(raw);
  const escaped = /[\\&]/.test(rawParts.path);
  const old = escaped ? splitUrl(url) : rawParts;
  const segments = rooted ? ['', ...path.split('/')] : relativeSegments(documentPath, path);
  const written = escaped ? segments.map(encodeSegment) : spellLike(segments, old.path);
  if (old.path.endsWith('/') && written.at(-1) !== '') written.push('');
  const joined = written.join('/');
  const suffix = escaped ? old.suffix.replace(unsafeInSuffix, percentEncode) : old.suffix;
  return (!rooted && scheme.test(joined) ? './' : '') + joined + suffix;
}

function relativeSegments(fromDocument: string, to: string): string[] {
  const from = fromDocument.split('/').slice(0, -1);
  const target = to === '' ? [] : to.split('/');
  let shared = 0;
  while (shared < from.length && shared < target.length && from[shared] === target[shared]) {
    shared++;
  }
  const rest = target.slice(shared);
  const climbs = from.slice(shared).map(() => '..');
  return climbs.length + rest.length === 0 ? ['.'] : [...climbs, ...rest];
}

/** Encodes the segments, and takes the trailing ones that the old path already spells from there. */
function spellLike(segments: readonly string[], oldPath: string): string[] {
  const written = segments.map(encodeSegment);
  const spelt = oldPath.replace(/\/+$/, '').split('/');
  for (let back = 1; back <= Math.min(spelt.length, segments.length); back++) {
    const old = spelt.at(-back) as string;
    if (decodeSegment(old) !== segments.at(-back)) break;
    written[written.length - back] = old;
  }
  return written;
}

function decodeSegment(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    const decoded = decodeURIComponent(segment);
    return /[/\0]/.test(decoded) ? segment : decoded;
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}

/** What would end or change a destination in Markdown, in a table, or in HTML. */
const unsafeInPath = /[\0-\x20\x7f"#%&'()<>?[\\\]`|]/g;
const unsafeInSuffix = /[\0-\x20\x7f"&'()<>[\\\]`|]/g;

function encodeSegment(segment: string): string {
  return segment.replace(unsafeInPath, percentEncode);
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
