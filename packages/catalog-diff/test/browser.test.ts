import { existsSync, readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Flags for a machine whose network is closed: no look at the browser's own hosts. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const present = existsSync(CHROMIUM);
if (!present && process.env['HOLDFAST_REQUIRE_SERVICES'])
  throw new Error(`Chromium is required, and there is none at ${CHROMIUM}`);

let script: string;

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: ['index', 'adopt/index', 'models/index', 'render/index']
        .map((entry) => `export * from './src/${entry}.ts';`)
        .join(''),
      resolveDir: new URL('..', import.meta.url).pathname,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'library',
    conditions: ['@holdfast/source'],
  });
  script = outputFiles[0]!.text;
}, 60_000);

test('runs where there is nothing of Node', () => {
  const context = createContext({ TextEncoder, TextDecoder, URL });
  runInContext(script, context);
  const probe = `
    const verdict = (type) =>
      library.compareSchemas({ type: ['string', 'null'] }, { type }, { direction: 'input' }).verdict;
    const { verdict: models } = library.compareModels([], []);
    const { tools } = library.renderCatalog([], { servers: [] }).catalog;
    [verdict('string'), verdict(['null', 'string', 'number']), models, tools.length].join(' ')`;
  expect(runInContext(probe, context)).toBe('breaking compatible compatible 0');
});

function published(version: string): unknown {
  const file = new URL(`fixtures/published/server-everything@${version}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

describe.skipIf(!present)('in Chromium', () => {
  test('compares, renders and adopts as it does in Node', { timeout: 120_000 }, async () => {
    const library = await import('../src/index.js');
    const before = library.readCatalog(published('2025.12.18'));
    const after = library.readCatalog(published('2026.1.26'));
    if (before.kind === 'refused' || after.kind === 'refused') throw new Error('not read');
    const expected = library.compareCatalogs(before.catalog, after.catalog);

    const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    try {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => errors.push(message.text()));
      await page.addScriptTag({ content: script });
      const run = `(({ before, after }) => {
        const [old, recent] = [before, after].map((value) => library.readCatalog(value).catalog);
        const comparison = library.compareCatalogs(old, recent);
        const schema = (pattern) => ({ type: 'object', properties: { name: { type: 'string', pattern } } });
        const server = {
          name: 's', health: 'up', durationMs: 1, pages: 1, problems: [],
          tools: [{ name: 'read', inputSchema: { type: 'object' } }],
          hashes: [{ tool: 'read', input: 'a', output: null }],
        };
        const { catalog } = library.renderCatalog([], {
          schemaVersion: 1, kind: 'live-descriptors', capturedAt: '2026-01-01T00:00:00Z', servers: [server],
        });
        const { changes } = library.compareSchemas(
          schema('^\\\\p{Letter}+$'), schema('^[a-z]+$'), { direction: 'input' });
        const models = library.compareModels(
          [{ path: 'loan.json', value: { name: 'loan', fields: { amount: 'number' } } }],
          [{ path: 'loan.json', value: { name: 'loan', fields: { amount: 'integer' } } }]);
        return {
          comparison,
          markdown: library.formatComparisonMarkdown(comparison).length > 0,
          witness: changes[0].witness,
          rendered: catalog.tools.map(({ server, name }) => server + '/' + name),
          adopted: library.adopt({ server: 's', tool: 'read' }, undefined, {
            kind: 'rendered', schema: { input: 'a', output: null }, at: '2026-01-01T00:00:00Z', locked: false,
          }).status.state,
          sentences: models.changes.map(library.sentenceOf),
        };
      })(${JSON.stringify({ before: published('2025.12.18'), after: published('2026.1.26') })})`;
      const { comparison, ...rest } = (await page.evaluate(run)) as Record<string, unknown>;
      expect(comparison).toEqual(JSON.parse(JSON.stringify(expected)));
      expect(rest).toEqual({
        markdown: true,
        witness: { name: 'A' },
        rendered: ['s/read'],
        adopted: 'pending',
        sentences: [
          'loan: field amount narrowed from number to integer (breaking for readers: 1.5)',
        ],
      });
      expect(errors).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
