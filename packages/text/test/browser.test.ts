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
    const bytes = new TextEncoder().encode('hello\\n');
    [library.hashBlob(bytes), library.hashSha256(bytes), library.readYaml('a: [1]').values[0].value.a[0],
     library.readJson('[2]').values[0].value[0], library.checkPath('.git/config').kind].join(' ')`;
  expect(runInContext(probe, context)).toBe(
    'ce013625030ba8dba906f756967f9e9ca394464a 5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03 1 2 git-directory',
  );
});
