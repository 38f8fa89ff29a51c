/**
 * Times `findLinks` and a pipeline against micromark's events and remark's parse-and-stringify on the
 * same documents in one run, and counts what becomes of links: `node bench/index.ts`, after a build.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createLinkMap,
  createPipeline,
  findLinks,
  type Pipeline,
  type TransformContext,
} from '@holdfast/transforms';
import { parse, postprocess, preprocess } from 'micromark';
import { gfm } from 'micromark-extension-gfm';
import { remark } from 'remark';
import remarkGfm from 'remark-gfm';

interface Document {
  path: string;
  text: string;
}

const bundle = fileURLToPath(
  new URL('../../../../shared/data/agent33-core/agent33-core.bundle', import.meta.url),
);
const packages = fileURLToPath(new URL('../../../node_modules', import.meta.url));
function readDocuments(folder: string): Document[] {
  const paths = globSync('**/*.{md,mdc}', { cwd: folder }).sort();
  return paths.map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
}

function* timeAll(
  name: string,
  documents: readonly Document[],
): Generator<Record<string, unknown>> {
  const megabytes = documents.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) / 1e6;
  console.log(`${name}: ${documents.length} documents, ${megabytes.toFixed(1)} MB`);
  // The slow ones see a part of the documents, evenly spread, of about 300 kB.
  const step = Math.max(1, Math.round((megabytes * 1e6) / 300_000));
  const some = documents.filter((_, index) => index % step === 0);
  const pipeline = createPipeline({
    transforms: [
      { strip_internal_links: true },
      { rewrite_paths: { from: 'core/', to: 'docs/agent33/' } },
    ],
  });
  const links = createLinkMap({
    deliveries: documents.map(({ path }) => ({ source: path, target: `docs/${path}` })),
    sourcePaths: documents.map(({ path }) => path),
  });
  const quick = speed(documents, 9, ({ text }) => findLinks(text));
  const processor = remark().use(remarkGfm);
  yield row('findLinks', quick, quick);
  yield row(
    'a pipeline',
    speed(documents, 9, (document) => run(pipeline, document, links)),
    quick,
  );
  yield row(
    'micromark’s events',
    speed(some, 1, ({ text }) => micromarkEvents(text)),
    quick,
  );
  yield row(
    'remark: parse, stringify',
    speed(some, 1, ({ text }) => processor.processSync(text)),
    quick,
  );
}

function row(what: string, megabytesPerSecond: number, reference: number) {
  return {
    what,
    'MB/s': Number(megabytesPerSecond.toPrecision(3)),
    'times slower than findLinks': Number((reference / megabytesPerSecond).toPrecision(3)),
  };
}

/** MB/s: the median of some rounds over all documents, the first one left out. */
function speed(
  documents: readonly Document[],
  rounds: number,
  work: (document: Document) => unknown,
): number {
  const bytes = documents.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const start = performance.now();
    for (const document of documents) work(document);
    times.push(performance.now() - start);
  }
  const sorted = times.slice(1).sort((a, b) => a - b);
  return bytes / 1000 / (sorted[sorted.length >> 1] ?? 1);
}

function micromarkEvents(text: string): unknown {
  const parser = parse({ extensions: [gfm()] });
  return postprocess(parser.document().write(preprocess()(text, undefined, true)));
}

function run(pipeline: Pipeline, { path, text }: Document, links: TransformContext['links']) {
  const content = new TextEncoder().encode(text);
  return pipeline.apply({ path, content, mode: '100644' }, contextOf(path, links));
}

function contextOf(
  path: string,
  links: TransformContext['links'],
  repo = 'org/web',
): TransformContext {
  return {
    sourcePath: path,
    targetPath: `docs/agent33/${path.replace(/^core\//, '')}`,
    variables: {},
    source: { name: 'org/core', version: 'v1.0.0', commit: 'c0ffee' },
    target: { repo, branch: 'main' },
    ruleId: 'bench',
    links,
  };
}

function tagsOf(clone: string): string[] {
  return execFileSync('git', ['-C', clone, 'tag'], { encoding: 'utf8' }).trim().split('\n');
}

type Route = (path: string) => string | undefined;

/** A target path for what a rule delivers. */
function route(matches: RegExp, base: string, target: string): Route {
  return (path) => (matches.test(path) ? target + path.slice(base.length) : undefined);
}

const orchestrator = route(
  /^core\/orchestrator\/(?:handoff\/)?[^/]+\.md$/,
  'core/orchestrator/',
  'docs/agent33/orchestrator/',
);
const rules: Record<string, Route[]> = {
  'the specification’s': [orchestrator],
  'all of core/': [route(/^core\//, 'core/', 'docs/agent33/')],
  'three to one target': [
    orchestrator,
    route(/^core\/arch\//, 'core/arch/', 'handbook/'),
    route(/^core\/[^/]+\.md$/, 'core/', 'docs/'),
  ],
};

/** What becomes of links at a release, rule by rule. */
function countLinks(clone: string, tag: string): Record<string, unknown>[] {
  execFileSync('git', ['-C', clone, 'checkout', '--quiet', tag]);
  const documents = readDocuments(clone);
  const sourcePaths = globSync('**/*.*', { cwd: clone });
  return Object.entries(rules).map(([rule, routes]) => {
    const targets = new Map<string, string>();
    for (const path of sourcePaths) {
      const target = routes.flatMap((to) => to(path) ?? []).at(0);
      if (target !== undefined) targets.set(path, target);
    }
    const deliveries = [...targets].map(([source, target]) => ({ source, target }));
    const links = createLinkMap({ deliveries, sourcePaths });
    const delivered = documents.filter(({ path }) => targets.has(path));
    return { release: tag, rule, ...countChanges(delivered, targets, links) };
  });
}

function countChanges(
  documents: readonly Document[],
  targets: ReadonlyMap<string, string>,
  links: TransformContext['links'],
): Record<string, number> {
  const pipeline = createPipeline({
    transforms: [
      { strip_internal_links: true },
      { rewrite_paths: { from: 'core/', to: 'docs/agent33/' } },
    ],
  });
  const counts: Record<string, number> = { documents: documents.length, links: 0 };
  for (const kind of ['rewritten', 'undelivered', 'missing', 'code spans in']) counts[kind] = 0;
  for (const { path, text } of documents) {
    const context = { ...contextOf(path, links), targetPath: targets.get(path) ?? path };
    const content = new TextEncoder().encode(text);
    const result = pipeline.apply({ path, content, mode: '100644' }, context);
    if (result.kind === 'failed') throw new Error(JSON.stringify(result.findings));
    const add = (kind: string, count: number) => (counts[kind] = (counts[kind] ?? 0) + count);
    add('links', findLinks(text).length);
    for (const { action, reason } of result.links) add(action === 'rewritten' ? action : reason, 1);
    add('code spans in', result.applied.includes('rewrite_paths') ? 1 : 0);
  }
  return counts;
}

function emptyLinks() {
  return createLinkMap({ deliveries: [], sourcePaths: [] });
}

/** A thousand equal targets: one run. */
function countRuns(): Record<string, number> {
  const pipeline = createPipeline({ transforms: [{ strip_internal_links: true }] });
  const links = emptyLinks();
  const keys = new Set<string>();
  for (let target = 0; target < 1000; target++) {
    keys.add(pipeline.memoKey('oid', contextOf('core/a.md', links, `org/web-${target}`)));
  }
  return { 'equal targets': 1000, 'runs of the pipeline': keys.size };
}

const directory = mkdtempSync(join(tmpdir(), 'holdfast-transforms-bench-'));
try {
  const readmes = readDocuments(packages).filter(({ text }) => text.length < 200_000);
  console.table([...timeAll('READMEs of installed packages', readmes)]);
  if (existsSync(bundle)) {
    const clone = join(directory, 'upstream');
    execFileSync('git', ['clone', '--quiet', bundle, clone]);
    console.table([...timeAll('documents of the bundle', readDocuments(clone))]);
    console.table(tagsOf(clone).flatMap((tag) => countLinks(clone, tag)));
  }
  console.table([countRuns()]);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
