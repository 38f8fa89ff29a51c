import { resolveLink, splitUrl, writeLink } from './link-path.js';

/**
 * How documents write links: `files` by the files of the repository; the others by the pages of a site, as its
 * generator serves them, beside its files.
 */
export type LinkStyle = 'files' | 'mkdocs' | 'docusaurus' | 'vitepress' | 'hugo' | 'jekyll';

/** The file of the page that a link leads to, and how the link says so. */
export interface PageLink {
  /** The file, repository-relative. */
  readonly path: string;
  /** Relative to the address that the page is served at (`a/b.md` as `a/b/`), or to the folder of its file. */
  readonly from: 'page' | 'folder';
}

/** What a page may be written as. */
const endings = [
  '.md',
  '.mdx',
  '.markdown',
  '/index.md',
  '/README.md',
  '/_index.md',
  '/index.mdx',
  '/readme.md',
];

/**
 * Looks for the page that a relative link leads to on the generated site; undefined where there is none.
 *
 * @param exists whether a repository has a file
 */
export function findPageLink(
  url: string,
  documentPath: string,
  exists: (path: string) => boolean,
): PageLink | undefined {
  const address = splitUrl(url)
    .path.replace(/\/+$/, '')
    .replace(/\.html?$/i, '');
  if (url.startsWith('/') || address === '') return undefined;
  for (const from of ['page', 'folder'] as const) {
    const local = resolveLink(address, placeOf(documentPath, from));
    if (local.kind !== 'local') continue;
    for (const ending of endings) {
      const path = local.path === '' ? ending.replace(/^\//, '') : local.path + ending;
      if (exists(path)) return { path, from };
    }
  }
  return undefined;
}

/** Writes a link to the page of a file in the manner of the link that it replaces. */
export function writePageLink(
  path: string,
  {
    raw,
    url,
    documentPath,
    from,
  }: {
    readonly raw: string;
    readonly url: string;
    readonly documentPath: string;
    readonly from: PageLink['from'];
  },
): string {
  const bare = path
    .replace(/(?:^|\/)_?(?:index|readme)\.mdx?$/i, '')
    .replace(/\.(?:mdx?|markdown)$/i, '');
  const html = /\.html?$/i.exec(splitUrl(url).path)?.[0] ?? '';
  const place = placeOf(documentPath, from);
  return writeLink(bare + html, { raw, url, documentPath: place, rooted: false });
}

/** What a generator fills in before there is a link: `{{ site.baseurl }}/x`, `{% link x.md %}`. */
export function isTemplated(url: string): boolean {
  return /\{\{|\{%|%7B%7B/i.test(url);
}

/** A path whose folder is what links of the document are relative to. */
function placeOf(documentPath: string, from: PageLink['from']): string {
  const folder = documentPath.slice(0, documentPath.lastIndexOf('/') + 1);
  const stem = documentPath.slice(folder.length).replace(/\.[^.]*$/, '');
  const isIndex = /^(?:_?index|readme)$/i.test(stem);
  return from === 'folder' || isIndex ? `${folder}_` : `${folder}${stem}/_`;
}
