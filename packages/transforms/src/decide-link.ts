import { resolveLink, splitUrl, writeLink } from './link-path.js';
import {
  findPageLink,
  isTemplated,
  writePageLink,
  type LinkStyle,
  type PageLink,
} from './page-link.js';
import { permalink } from './permalink.js';
import { rewritePrefix, type PathPrefix } from './rewrite-prefix.js';
import type { LinkChange, TransformContext } from './transform.js';

/** What becomes of links that lead to what a target does not have. */
export type LinkPolicy = 'strip' | 'permalink' | 'keep';

/** What the link transform goes by. */
export interface LinkSettings {
  /** For links to what is not delivered, or not there at all. */
  undelivered: LinkPolicy;
  /** For links to internal documents. */
  internal: 'strip' | 'keep';
  /** For links that name a path from the repository's root without a slash before it. */
  prefixes: readonly PathPrefix[];
  /** How the documents write links; absent: by files. What is no file is then looked for among the pages. */
  style?: Exclude<LinkStyle, 'files'>;
}

interface Cause {
  reason: LinkChange['reason'];
  sourcePath?: string;
}

/** What to do with one link. */
export type LinkDecision =
  | { action: 'leave'; problem?: 'backslash' }
  | ({ action: 'keep' | 'strip' } & Cause)
  | ({ action: 'write'; as: 'rewritten' | 'permalinked'; to: string } & Cause);

/**
 * Decides what becomes of a link of a source document: in the source's tree first, then, where nothing
 * is there, from the repository's root if a prefix is known.
 *
 * @param raw - The destination as written, escapes included.
 */
export function decideLink(
  url: string,
  raw: string,
  context: TransformContext,
  settings: LinkSettings,
): LinkDecision {
  const { sourcePath, targetPath, links } = context;
  const local = resolveLink(url, sourcePath);
  switch (local.kind) {
    case 'elsewhere':
      return { action: 'leave' };
    case 'backslash':
      return { action: 'leave', problem: 'backslash' };
    case 'outside':
      return decidePage(url, raw, context, settings) ?? giveUp({ reason: 'outside' }, settings);
    case 'local':
      break;
  }
  const { path, rooted } = local;
  const found = links.resolve(path, targetPath);
  switch (found.kind) {
    case 'delivered': {
      const cause = { reason: 'delivered', sourcePath: path } as const;
      return relocate(found.targetPath, { raw, url, rooted, documentPath: targetPath }, cause);
    }
    case 'internal':
      return { action: settings.internal, reason: 'internal', sourcePath: path };
    case 'undelivered':
      return replaceUndelivered(path, raw, context, settings);
    case 'missing':
      return (
        decidePage(url, raw, context, settings) ??
        decideWritten(url, raw, context, settings) ??
        giveUp({ reason: 'missing', sourcePath: path }, settings)
      );
  }
}

/**
 * Links to pages of a generated site. An address from the root of the site, and what the generator fills in,
 * only its configuration could tell: they stay.
 */
function decidePage(
  url: string,
  raw: string,
  context: TransformContext,
  settings: LinkSettings,
): LinkDecision | undefined {
  if (settings.style === undefined) return undefined;
  const { sourcePath, targetPath, links } = context;
  const page = findPageLink(
    url,
    sourcePath,
    (path) => links.resolve(path, targetPath).kind !== 'missing',
  );
  if (!page) return url.startsWith('/') || isTemplated(url) ? { action: 'leave' } : undefined;
  const found = links.resolve(page.path, targetPath);
  const cause = { reason: 'delivered', sourcePath: page.path } as const;
  switch (found.kind) {
    case 'delivered':
      return relocatePage(found.targetPath, { url, raw, documentPath: targetPath, page }, cause);
    case 'internal':
      return { action: settings.internal, reason: 'internal', sourcePath: page.path };
    default:
      return replaceUndelivered(page.path, raw, context, settings);
  }
}

/** A link that leads to the page from the new place too keeps its bytes. */
function relocatePage(
  path: string,
  {
    url,
    raw,
    documentPath,
    page: { from },
  }: {
    readonly url: string;
    readonly raw: string;
    readonly documentPath: string;
    readonly page: PageLink;
  },
  cause: Cause,
): LinkDecision {
  const current = findPageLink(url, documentPath, (other) => other === path);
  if (current?.from === from) return { action: 'leave' };
  const to = writePageLink(path, { raw, url, documentPath, from });
  return { action: 'write', as: 'rewritten', to, ...cause };
}

/** A link that already leads there, from the new place too, keeps its bytes. */
function relocate(
  path: string,
  written: Parameters<typeof writeLink>[1],
  cause: Cause,
): LinkDecision {
  const current = resolveLink(written.url, written.documentPath);
  if (current.kind === 'local' && current.path === path) return { action: 'leave' };
  return { action: 'write', as: 'rewritten', to: writeLink(path, written), ...cause };
}

function giveUp(cause: Cause, { undelivered }: LinkSettings): LinkDecision {
  return { action: undelivered === 'keep' ? 'keep' : 'strip', ...cause };
}

function replaceUndelivered(
  sourcePath: string,
  raw: string,
  { source }: TransformContext,
  settings: LinkSettings,
): LinkDecision {
  const cause = { reason: 'undelivered', sourcePath } as const;
  const address = settings.undelivered === 'permalink' ? permalink(source, sourcePath) : undefined;
  if (address === undefined) return giveUp(cause, settings);
  return { action: 'write', as: 'permalinked', to: address + splitUrl(raw).suffix, ...cause };
}

/** Links that are written from the repository's root, with or without a slash, and match a prefix. */
function decideWritten(
  url: string,
  raw: string,
  context: TransformContext,
  settings: LinkSettings,
): LinkDecision | undefined {
  const to = rewritePrefix(raw, settings.prefixes);
  if (to === undefined || url.startsWith('.')) return undefined;
  const fromRoot = resolveLink(url, '');
  if (fromRoot.kind !== 'local') return undefined;
  const sourcePath = fromRoot.path;
  const found = context.links.resolve(sourcePath, context.targetPath);
  switch (found.kind) {
    case 'internal':
      return { action: settings.internal, reason: 'internal', sourcePath };
    case 'undelivered':
      return replaceUndelivered(sourcePath, raw, context, settings);
    case 'delivered':
    case 'missing':
      return { action: 'write', as: 'rewritten', reason: 'written', to, sourcePath };
  }
}

/** The inverse: what a link of a delivered document was in the source's tree. */
export function decideReverse(
  url: string,
  raw: string,
  context: TransformContext,
  settings: LinkSettings,
): LinkDecision {
  const { sourcePath, targetPath, links, source } = context;
  const documentPath = sourcePath;
  const pinned = permalink(source, '');
  if (settings.undelivered === 'permalink' && pinned !== undefined && url.startsWith(pinned)) {
    const inside = url.slice(pinned.length);
    const local = resolveLink(`/${inside}`, '');
    if (local.kind !== 'local') return { action: 'leave' };
    const cause = { reason: 'undelivered', sourcePath: local.path } as const;
    return relocate(local.path, { raw: inside, url: inside, rooted: false, documentPath }, cause);
  }
  const local = resolveLink(url, targetPath);
  if (local.kind === 'elsewhere' || local.kind === 'backslash') return { action: 'leave' };
  const origin = local.kind === 'local' ? links.sourceOf(local.path) : undefined;
  if (local.kind === 'local' && origin !== undefined) {
    const cause = { reason: 'delivered', sourcePath: origin } as const;
    return relocate(origin, { raw, url, rooted: local.rooted, documentPath }, cause);
  }
  const page =
    settings.style === undefined
      ? undefined
      : findPageLink(url, targetPath, (path) => links.sourceOf(path) !== undefined);
  const pageOrigin = page && links.sourceOf(page.path);
  if (page && pageOrigin !== undefined) {
    const cause = { reason: 'delivered', sourcePath: pageOrigin } as const;
    return relocatePage(pageOrigin, { url, raw, documentPath, page }, cause);
  }
  const inverse = settings.prefixes.map(({ from, to }) => ({ from: to, to: from }));
  const relative = url.startsWith('.') || local.kind !== 'local';
  const written = relative ? undefined : rewritePrefix(raw, inverse);
  if (written === undefined) return { action: 'leave' };
  return { action: 'write', as: 'rewritten', reason: 'written', to: written };
}
