import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

test('runs where there is nothing of Node', async () => {
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
  const context = createContext({ TextEncoder, TextDecoder, URL });
  runInContext(outputFiles[0]!.text, context);
  const probe = `
    const verdict = (type) =>
      library.compareSchemas({ type: ['string', 'null'] }, { type }, { direction: 'input' }).verdict;
    const { verdict: models } = library.compareModels([], []);
    const { tools } = library.renderCatalog([], { servers: [] }).catalog;
    [verdict('string'), verdict(['null', 'string', 'number']), models, tools.length].join(' ')`;
  expect(runInContext(probe, context)).toBe('breaking compatible compatible 0');
});
