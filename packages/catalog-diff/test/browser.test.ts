import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

test('runs where there is nothing of Node', async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: "export * from './src/index.ts';",
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
    verdict('string') + ' ' + verdict(['null', 'string', 'number'])`;
  expect(runInContext(probe, context)).toBe('breaking compatible');
});
