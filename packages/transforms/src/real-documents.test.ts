import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { afterAll, describe, expect, test } from 'vitest';
import { normalForm } from '../test/support/normal-form.js';
import { contextFor, fileOf, textOf } from '../test/support/context.js';
import { createLinkMap, createPipeline, type LinkedDelivery, type LinkMap } from './index.js';
import { scanQuickly } from './scan-quickly.js';
import { scanWithMicromark } from './scan-with-micromark.js';

/** The project's sample of a real upstream; where it is absent, the small tree below stands for it. */
const bundle = fileURLToPath(
  new URL('../../../../shared/data/agent33-core/agent33-core.bundle', import.meta.url),
);
const directory = mkdtempSync(join(tmpdir(), 'holdfast-transforms-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

type Tree = ReadonlyMap<string, string>;

const smallTree: Tree = new Map([
  [
    'core/README.md',
    '# Core\n\n- [plan](orchestrator/PLAN.md)\n- [arch](arch/workflow.md "w")\n- [x](../engine/x.md)\n',
  ],
  [
    'core/orchestrator/PLAN.md',
    'Up: [readme](../README.md#top), [handoff](handoff/H.md), [a][w].\n\n[w]: ../arch/workflow.md\n',
  ],
  [
    'core/orchestrator/handoff/H.md',
    '| [plan](../PLAN.md) | `core/orchestrator/PLAN.md` |\n|---|---|\n| ![i](../i.png) | [f](./) |\n',
  ],
  ['core/orchestrator/distribution/RULES.md', '[plan](../PLAN.md)\n'],
  ['core/arch/workflow.md', '[plan](/core/orchestrator/PLAN.md) [self](workflow.md)\n'],
  ['core/workflows/ci.md', '[arch](../arch/)\n'],
]);

const releases: [string, Tree][] = [
  ['a small tree', smallTree],
  ...(existsSync(bundle) ? readBundle() : []),
];

/** A rule, as far as it says what goes where. */
interface Route {
  matches: (path: string) => boolean;
  base: string;
  target: string;
}

const orchestrator: Route = {
  matches: (path) => /^core\/orchestrator\/(?:handoff\/)?[^/]+\.md$/.test(path),
  base: 'core/orchestrator/',
  target: 'docs/agent33/orchestrator/',
};
const scenarios: { name: string; routes: Route[]; isInternal?: (path: string) => boolean }[] = [
  { name: 'the rule of the specification', routes: [orchestrator] },
  {
    name: 'one rule for all of core/',
    routes: [
      { matches: (path) => path.startsWith('core/'), base: 'core/', target: 'docs/agent33/' },
    ],
  },
  {
    name: 'three rules to one target',
    routes: [
      orchestrator,
      {
        matches: (path) => path.startsWith('core/arch/'),
        base: 'core/arch/',
        target: 'handbook/architecture/',
      },
      { matches: (path) => /^core\/[^/]+\.md$/.test(path), base: 'core/', target: 'docs/' },
    ],
    isInternal: (path) => /^core\/arch\/(?:risk-memos(?:\/|$)|next-session)/.test(path),
  },
];
const transforms = [
  { strip_internal_links: true },
  { rewrite_paths: { from: 'core/', to: 'docs/agent33/' } },
];

describe.each(releases)('%s', (_release, tree) => {
  test('the quick scan reads every document as micromark does, without a doubt', () => {
    for (const [path, content] of markdownOf(tree)) {
      const text = content.replace(/^\ufeff/, '');
      const quick = scanQuickly(text);
      expect(quick.doubtful, path).toBe(false);
      expect(normalForm(text, quick), path).toEqual(normalForm(text, scanWithMicromark(text)));
    }
  });

  describe.each(scenarios)('$name', ({ routes, isInternal = () => false }) => {
    const deliveries = routeAll(tree, routes, isInternal);
    const links = createLinkMap({ deliveries, sourcePaths: tree.keys(), isInternal });
    const pipeline = createPipeline({ transforms });
    const sources = new Set(deliveries.map(({ source }) => source));
    const targets = new Set(deliveries.map(({ target }) => target));

    test('no link is broken, and exactly those to what is not delivered are gone', () => {
      for (const [source, target] of markdownDeliveries(deliveries)) {
        const result = transformOne(tree, source, target, links, pipeline);
        const kept = linksOf(result.text).filter(isRelative);
        const broken = kept.filter((url) => !existsAt(resolveFrom(target, url), targets));
        expect(broken, target).toEqual([]);

        const expected = linksOf(tree.get(source) as string)
          .filter(isRelative)
          .filter((url) => !isDelivered(resolveFrom(source, url), sources, isInternal));
        const stripped = result.links.filter(({ action }) => action === 'stripped');
        const gone = stripped.map(({ url }) => url);
        expect(gone.sort(), source).toEqual(expected.sort());
      }
    });

    test('every other byte stays', () => {
      for (const [source, target] of markdownDeliveries(deliveries)) {
        const before = tree.get(source) as string;
        const { text, edits } = transformOne(tree, source, target, links, pipeline);
        let from = { source: 0, target: 0 };
        for (const edit of [...edits, { source: endOf(before), target: endOf(text) }]) {
          const copied = text.slice(from.target, edit.target.start);
          expect(before.slice(from.source, edit.source.start)).toBe(copied);
          from = { source: edit.source.end, target: edit.target.end };
        }
      }
    });

    test('what lost no link is reversible', () => {
      for (const [source, target] of markdownDeliveries(deliveries)) {
        const context = contextFor({ sourcePath: source, targetPath: target, links });
        const file = fileOf(tree.get(source) as string, source);
        const result = pipeline.apply(file, context);
        if (result.kind === 'failed' || result.links.some(({ action }) => action === 'stripped'))
          continue;
        expect(pipeline.checkReverse(file, context), source).toEqual({ kind: 'reversible' });
      }
    });
  });
});

function transformOne(
  tree: Tree,
  source: string,
  target: string,
  links: LinkMap,
  pipeline: ReturnType<typeof createPipeline>,
) {
  const context = contextFor({ sourcePath: source, targetPath: target, links });
  const result = pipeline.apply(fileOf(tree.get(source) as string, source), context);
  if (result.kind === 'failed') throw new Error(JSON.stringify(result.findings));
  return { text: textOf(result), links: result.links, edits: result.edits };
}

function readBundle(): [string, Tree][] {
  const clone = join(directory, 'upstream.git');
  execFileSync('git', ['clone', '--quiet', '--bare', bundle, clone]);
  const tags = execFileSync('git', ['-C', clone, 'tag'], { encoding: 'utf8' }).trim().split('\n');
  return tags.map((tag) => {
    const folder = join(directory, tag);
    execFileSync('git', [
      'clone',
      '--quiet',
      '--branch',
      tag,
      '-c',
      'advice.detachedHead=false',
      clone,
      folder,
    ]);
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true });
    const paths = names
      .filter((entry) => entry.isFile())
      .map((entry) => posix.relative(folder, posix.join(entry.parentPath, entry.name)))
      .filter((path) => !path.startsWith('.git/'));
    return [tag, new Map(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]))];
  });
}

function routeAll(
  tree: Tree,
  routes: Route[],
  isInternal: (path: string) => boolean,
): LinkedDelivery[] {
  return routes.flatMap(({ matches, base, target }) =>
    [...tree.keys()]
      .filter((path) => matches(path) && !isInternal(path))
      .map((source) => ({ source, target: target + source.slice(base.length) })),
  );
}

function markdownOf(tree: Tree): [string, string][] {
  return [...tree].filter(([path]) => /\.mdc?$/.test(path));
}

function markdownDeliveries(deliveries: readonly LinkedDelivery[]): [string, string][] {
  return deliveries
    .filter(({ source }) => /\.mdc?$/.test(source))
    .map(({ source, target }) => [source, target]);
}

/** The URLs of links, images and definitions, by mdast. References count as their definition. */
function linksOf(markdown: string): string[] {
  const known = linksByText.get(markdown);
  if (known !== undefined) return known;
  const urls: string[] = [];
  const definitions = new Map<string, string>();
  const references: string[] = [];
  const visit = (node: Nodes) => {
    if (node.type === 'linkReference' || node.type === 'imageReference')
      references.push(node.identifier);
    if (node.type === 'definition') definitions.set(node.identifier, node.url);
    if ('url' in node) urls.push(node.url);
    if ('children' in node) for (const child of node.children) visit(child);
  };
  visit(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }));
  urls.push(...references.map((identifier) => definitions.get(identifier) as string));
  linksByText.set(markdown, urls);
  return urls;
}

const linksByText = new Map<string, string[]>();

function isRelative(url: string): boolean {
  return !/^(?:[a-z][a-z0-9+.-]*:|\/\/|#|$)/i.test(url);
}

function resolveFrom(document: string, url: string): string {
  const path = decodeURIComponent(url.replace(/[?#].*$/, ''));
  const joined = path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(document), path);
  return posix.normalize(joined).replace(/\/$/, '');
}

function existsAt(path: string, paths: ReadonlySet<string>): boolean {
  return paths.has(path) || [...paths].some((other) => other.startsWith(`${path}/`));
}

function isDelivered(
  path: string,
  delivered: ReadonlySet<string>,
  isInternal: (path: string) => boolean,
): boolean {
  return !isInternal(path) && existsAt(path, delivered);
}

function endOf(text: string) {
  return { start: text.length, end: text.length };
}
