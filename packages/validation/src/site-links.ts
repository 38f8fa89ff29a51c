import type { FileTree } from './file-tree.js';

/**
 * How documents write links: `files` by the files of the repository, as forges resolve them; the others by the pages of
 * a site, as its generator does, beside its files.
 */
export type LinkStyle = 'files' | 'mkdocs' | 'docusaurus' | 'vitepress' | 'hugo' | 'jekyll';

/** What a link to a page of a site comes to. */
export type PageLookup =
  | { readonly kind: 'page'; readonly path: string }
  /** An address below the root of the site, which the site's own configuration may map to anything. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'missing' };

/** Where generators keep what a site serves from its root, below the folder that holds its configuration. */
const siteRoots = [
  'docs',
  'content',
  'src',
  'static',
  'public',
  'docs/public',
  'docs/static',
  'assets',
];

/** What a page may be written as. */
const pageEndings = [
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
 * Looks for the page or file that a link leads to on the generated site. A page `a/b.md` is served as `a/b/` by most
 * generators, and so `../c/` in it is its neighbour `c.md`.
 */
export function findPage(pathname: string, fromPath: string, tree: FileTree): PageLookup {
  const bare = pathname.replace(/\/+$/, '').replace(/\.html?$/i, '');
  if (pathname.startsWith('/')) return findBelowRoot(bare.slice(1), fromPath, tree);
  for (const base of basesOf(fromPath)) {
    const path = join(base, bare);
    const page = path === undefined ? undefined : pageAt(path, tree);
    if (page !== undefined) return { kind: 'page', path: page };
  }
  return { kind: 'missing' };
}

/** The folder of the page as it is served, and the folder of its file. */
function basesOf(fromPath: string): string[] {
  const folder = fromPath.slice(0, Math.max(0, fromPath.lastIndexOf('/')));
  const stem = fromPath.slice(fromPath.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  if (/^(?:_?index|readme)$/i.test(stem)) return [folder];
  return [folder === '' ? stem : `${folder}/${stem}`, folder];
}

/** Nearest first: a repository may hold several sites. */
function findBelowRoot(path: string, fromPath: string, tree: FileTree): PageLookup {
  for (let end = fromPath.lastIndexOf('/'); ; end = fromPath.lastIndexOf('/', end - 1)) {
    const above = fromPath.slice(0, Math.max(0, end));
    for (const root of ['', ...siteRoots]) {
      const page = pageAt([above, root, path].filter((part) => part !== '').join('/'), tree);
      if (page !== undefined) return { kind: 'page', path: page };
    }
    if (end <= 0) return { kind: 'unknown' };
  }
}

function pageAt(path: string, tree: FileTree): string | undefined {
  for (const ending of pageEndings) {
    const page = path === '' ? ending.replace(/^\//, '') : path + ending;
    if (tree.kind(page) === 'file') return page;
  }
  return tree.kind(path) === undefined ? undefined : path;
}

function join(base: string, pathname: string): string | undefined {
  const segments = base === '' ? [] : base.split('/');
  for (const segment of pathname.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}

/** The ids that authors give headings: `{#id}`, `{: #id}`. */
export function findHeadingIds(text: string): string[] {
  return [...text.matchAll(/\{:?[ \t]*#([^\s}]{1,200})[^}\n]{0,200}\}/g)].map(([, id]) => id!);
}

/** Generators make slugs each in its own way: what they agree on is the letters and digits, and their order. */
export function looseSlug(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
