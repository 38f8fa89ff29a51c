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
    const compile = library.createSchemaCompiler();
    const { schema } = compile({ schema: { type: 'string', pattern: '^a', format: 'date' } });
    schema.validate('b').kind + schema.validate('a').kind`;
  expect(runInContext(probe, context)).toBe('invalidinvalid');
});
