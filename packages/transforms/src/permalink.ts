import type { TransformSource } from './transform.js';

const scpLike = /^(?:[^@/\s]+@)?([A-Za-z0-9.-]+\.[A-Za-z0-9-]+):(?!\/\/)(.+)$/;

/**
 * The address of a source file at the release's commit, as GitHub and its likes spell it
 * (`…/blob/COMMIT/PATH`), or GitLab (`…/-/blob/…`, by the host's name). Credentials in the URL are
 * dropped.
 *
 * @returns `undefined` where the source's URL has no host, or there is none.
 */
export function permalink(source: TransformSource, path: string): string | undefined {
  const base = webAddress(source.url);
  if (base === undefined) return undefined;
  const blob = /(^|\.)gitlab\./.test(new URL(base).hostname) ? '-/blob' : 'blob';
  const encoded = path.split('/').map(encodeSegment).join('/');
  return `${base}/${blob}/${source.commit}/${encoded}`;
}

function webAddress(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  const scp = scpLike.exec(url);
  const spelt = scp === null ? url : `https://${scp[1]}/${scp[2]}`;
  if (!URL.canParse(spelt)) return undefined;
  const { protocol, hostname, host, pathname } = new URL(spelt);
  if (!['https:', 'http:', 'ssh:', 'git:'].includes(protocol) || hostname === '') return undefined;
  const web = protocol === 'http:' || protocol === 'https:';
  const origin = web ? `${protocol}//${host}` : `https://${hostname}`;
  return origin + pathname.replace(/\/+$/, '').replace(/\.git$/, '');
}

/** As `encodeURIComponent`, and parentheses and quotes too, which mean something in Markdown. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.toWellFormed()).replace(
    /[()'!*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
