import type { LinkSettings } from './decide-link.js';
import { createHeader } from './header.js';
import { createLinkTransform } from './link-transform.js';
import type { LinkStyle } from './page-link.js';
import type {
  PipelineSettings,
  RewritePathsSettings,
  RewritePlace,
  TransformSettings,
} from './pipeline-settings.js';
import { createReferenceStub } from './reference-stub.js';
import { createRename, type Rename } from './rename.js';
import { createReplace } from './replace.js';
import { createRewritePaths } from './rewrite-paths.js';
import { createTemplate } from './template.js';
import { TransformError } from './transform-error.js';
import type { Transform } from './transform.js';
import { createVersionTag } from './version-tag.js';

type KeyPath = readonly (string | number)[];

/** What a pipeline runs: transforms of content, in order, and of paths, in order. */
export interface Steps {
  transforms: Transform[];
  renames: Rename[];
}

const defaultPlaces: readonly RewritePlace[] = ['links', 'code_spans'];

/**
 * Turns settings into steps. The strategy's own comes first; then the transforms as they are listed. All
 * that speaks of links makes one step, at the place of the first such entry, for each link is decided
 * once; so do all `rewrite_paths` outside of links. In a stub there is nothing for these two to do.
 *
 * @throws TransformError `invalid-settings`
 */
export function createSteps({
  strategy = 'copy',
  transforms: entries = [],
  namespace = 'holdfast',
  links = 'files',
}: PipelineSettings): Steps {
  const transforms: Transform[] = [];
  const renames: Rename[] = [];
  const shared = new Set<string>();
  const once = (name: string, create: () => Transform | undefined) => {
    if (strategy === 'reference' || shared.has(name)) return;
    shared.add(name);
    const step = create();
    if (step !== undefined) transforms.push(step);
  };
  const first = strategyStep(strategy, entries);
  if (first !== undefined) transforms.push(first);

  entries.forEach((entry, index) => {
    for (const [key, value] of Object.entries(entry) as [keyof TransformSettings, unknown][]) {
      if (value === undefined) continue;
      const keyPath = ['transforms', index, key];
      switch (key) {
        case 'strip_internal_links':
        case 'undelivered_links':
          once('links', () => linkStep(entries, links));
          break;
        case 'rewrite_paths':
          once('links', () => linkStep(entries, links));
          once('paths', () => pathStep(entries));
          break;
        case 'header':
          if (value !== false) transforms.push(createHeader(optionsOf(entry.header), namespace));
          break;
        case 'version_tag':
          if (value !== false) {
            transforms.push(createVersionTag(optionsOf(entry.version_tag), namespace));
          }
          break;
        case 'replace':
          for (const [settings, at] of each(entry.replace, keyPath)) {
            transforms.push(createReplace(settings, at));
          }
          break;
        case 'rename':
          for (const [settings, at] of each(entry.rename, keyPath)) {
            renames.push(createRename(settings, at));
          }
          break;
        case 'template':
          break;
        default:
          throw unknownTransform(key, keyPath);
      }
    }
  });
  return { transforms, renames };
}

function strategyStep(
  strategy: NonNullable<PipelineSettings['strategy']>,
  entries: readonly TransformSettings[],
): Transform | undefined {
  const index = entries.findLastIndex((entry) => entry.template !== undefined);
  const keyPath = ['transforms', index, 'template'];
  if (index >= 0 && strategy !== 'template') {
    throw new TransformError(`template settings need the strategy template, not ${strategy}`, {
      code: 'invalid-settings',
      data: { keyPath },
    });
  }
  switch (strategy) {
    case 'copy':
      return undefined;
    case 'reference':
      return createReferenceStub();
    case 'template':
      return createTemplate(entries[index]?.template ?? {}, keyPath);
  }
}

function unknownTransform(key: never, keyPath: KeyPath): TransformError {
  return new TransformError(`there is no transform ${String(key)}`, {
    code: 'invalid-settings',
    data: { keyPath },
  });
}

/** `true` stands for the defaults. */
function optionsOf<T extends object>(value: boolean | T | undefined): T | Record<string, never> {
  return typeof value === 'object' ? value : {};
}

function each<T>(value: T | readonly T[] | undefined, keyPath: KeyPath): [T, KeyPath][] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [[value as T, keyPath]];
  return (value as readonly T[]).map((item, index) => [item, [...keyPath, index]]);
}

/**
 * `strip_internal_links` strips what is internal or undelivered; `undelivered_links` names another fate
 * for the undelivered; with neither, links are moved and none is removed.
 */
function linkStep(entries: readonly TransformSettings[], style: LinkStyle): Transform | undefined {
  const strip = entries.findLast((entry) => entry.strip_internal_links !== undefined);
  const policy = entries.findLast((entry) => entry.undelivered_links !== undefined);
  const prefixes = prefixesFor(entries, 'links');
  if (strip === undefined && policy === undefined && prefixes.length === 0) return undefined;
  const stripping = strip?.strip_internal_links;
  const settings: LinkSettings = {
    undelivered: policy?.undelivered_links ?? (stripping ? 'strip' : 'keep'),
    internal: (stripping ?? policy !== undefined) ? 'strip' : 'keep',
    prefixes,
    ...(style === 'files' ? {} : { style }),
  };
  return createLinkTransform(settings);
}

function pathStep(entries: readonly TransformSettings[]): Transform | undefined {
  const codeSpans = prefixesFor(entries, 'code_spans');
  const text = prefixesFor(entries, 'text');
  return codeSpans.length + text.length === 0 ? undefined : createRewritePaths({ codeSpans, text });
}

function prefixesFor(entries: readonly TransformSettings[], place: RewritePlace) {
  return entries.flatMap((entry, index) =>
    each<RewritePathsSettings>(entry.rewrite_paths, ['transforms', index, 'rewrite_paths'])
      .filter(([{ in: places = defaultPlaces }]) => places.includes(place))
      .map(([{ from, to }, keyPath]) => checkPrefix(from, to, keyPath)),
  );
}

function checkPrefix(from: string, to: string, keyPath: KeyPath) {
  if (from === '' || from.startsWith('/') || from.startsWith('./')) {
    throw new TransformError(
      "from of rewrite_paths is a path from the source's root, without / or ./ before it",
      {
        code: 'invalid-settings',
        data: { keyPath: [...keyPath, 'from'] },
      },
    );
  }
  return { from, to };
}
