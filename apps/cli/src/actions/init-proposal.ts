import type { Repository } from '@holdfast/git';

/** More ways to name tags than these are those of a monorepo's packages: the commonest are looked at. */
const MAX_PREFIXES = 12;

/** A pattern of tags, and the newest release that it makes. */
export interface ReleasePattern {
  readonly pattern: string;
  readonly newest?: string;
}

/**
 * The pattern of the tags that are releases: versions by what stands before their number, of these the
 * one whose newest release is the latest. `v*` where there is no version.
 */
export async function proposeReleaseTags(repository: Repository): Promise<ReleasePattern> {
  const tags = await repository.listReleases('**');
  const prefixes = Map.groupBy(tags, ({ tag }) => /^(.*?)\d+(?:\.\d+)+/.exec(tag)?.[1]);
  const found = [...prefixes]
    .flatMap(([prefix, own]) => (prefix === undefined ? [] : [{ prefix, count: own.length }]))
    .sort((a, b) => b.count - a.count)
    .slice(0, MAX_PREFIXES);
  let best: (ReleasePattern & { readonly date: number }) | undefined;
  for (const { prefix } of found) {
    const { pattern, newest } = await findNewest(repository, prefix);
    const commit = newest && (await repository.resolveCommit(newest.commit));
    if (!newest || !commit) continue;
    const date = commit.committer.timestamp;
    if (!best || date > best.date) best = { pattern, newest: newest.tag, date };
  }
  if (!best) return { pattern: 'v*' };
  return { pattern: best.pattern, ...(best.newest === undefined ? {} : { newest: best.newest }) };
}

/** Where the newest is on its way to a major release, the pattern is of the one that is out. */
async function findNewest(repository: Repository, prefix: string) {
  const wide = patternOf(prefix);
  const all = await repository.listReleases(wide);
  const [first] = all;
  const isWhole = ({ tag }: { tag: string }) => /^\d+(?:\.\d+)+$/.test(tag.slice(prefix.length));
  const out = all.find(isWhole);
  if (!first || !out || isWhole(first)) return { pattern: wide, newest: first };
  const pattern = `${escapeGlob(prefix)}${out.tag.slice(prefix.length).split('.')[0]}.*`;
  const [newest] = await repository.listReleases(pattern);
  return newest?.tag === out.tag ? { pattern, newest } : { pattern: wide, newest: first };
}

function patternOf(prefix: string): string {
  return prefix === 'v' ? 'v*' : `${escapeGlob(prefix)}[0-9]*`;
}

function escapeGlob(text: string): string {
  return text.replaceAll(/[\\*?[\]{}()!+@|]/g, '\\$&');
}

/** Where documents use to be, the likeliest first. */
const FOLDERS = [
  'docs',
  'doc',
  'documentation',
  'specification',
  'spec',
  'content',
  'website/docs',
];

/** A glob for what is worth delivering: the documents. */
export function proposeSource(paths: readonly string[]): string {
  const documents = paths.filter((path) => /\.(?:md|mdx|markdown|rst|adoc)$/i.test(path));
  const folder = FOLDERS.find((name) => documents.some((path) => path.startsWith(`${name}/`)));
  return folder === undefined ? '**/*.md' : `${folder}/**`;
}

/** The site generators whose configuration files tell how the documents write links. */
const GENERATORS: readonly (readonly [style: string, file: RegExp, content?: RegExp])[] = [
  ['mkdocs', /^mkdocs\.ya?ml$/],
  ['docusaurus', /^docusaurus\.config\.[cm]?[jt]s$/],
  ['vitepress', /^\.vitepress\/config\.[cm]?[jt]s$/],
  ['hugo', /^hugo\.(?:toml|ya?ml|json)$/],
  ['hugo', /^config\/_default\/(?:hugo|config)\.(?:toml|ya?ml|json)$/],
  ['hugo', /^config\.toml$/, /^\s*baseURL\s*=/m],
  ['jekyll', /^_config\.ya?ml$/],
];

/** Folders beside the documents in which a site may be built. */
const SITES = ['', 'docs/', 'doc/', 'website/', 'site/', 'documentation/'];

/**
 * How the documents below a folder write links, by the configuration of the site generator that is
 * nearest to them: in their own folder, in one above, or beside them. Undefined where there is none.
 */
export async function findLinkStyle(
  base: string,
  paths: ReadonlySet<string>,
  read: (path: string) => Promise<string>,
): Promise<string | undefined> {
  const folders = [base];
  for (let folder = base; folder !== ''; folders.push(folder)) {
    folder = folder.replace(/[^/]+\/$/, '');
  }
  const all = [...paths].filter((path) => path.length < 200);
  for (const folder of new Set([...folders, ...SITES])) {
    for (const [style, file, content] of GENERATORS) {
      const found = all.find(
        (path) => path.startsWith(folder) && file.test(path.slice(folder.length)),
      );
      if (found !== undefined && (!content || content.test(await read(found)))) return style;
    }
  }
  return undefined;
}
