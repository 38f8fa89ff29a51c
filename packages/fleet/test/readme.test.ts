import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { configuration, createSandbox, rule } from './sandbox.js';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');

/** The first block of a language. */
function block(language: string): string {
  return new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(readme)?.[1] ?? expect.fail(language);
}

test('the snippet runs and prints what the README says', async () => {
  await using sandbox = await createSandbox();
  await sandbox.repository('api.git');
  await sandbox.repository('source', {
    'docs/guide.md': '# Guide\n',
    'holdfast.yaml': configuration,
    'rules/api.yaml': rule('api', 'org/api'),
  });
  await sandbox.git(sandbox.path('source'), 'tag', 'v1.0.0');
  const program = sandbox.path('snippet.mjs');
  const { outputFiles } = await build({
    stdin: { contents: block('ts'), resolveDir: import.meta.dirname, loader: 'ts' },
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@holdfast/source'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  writeFileSync(program, outputFiles[0]?.contents ?? '');
  const output = execFileSync(process.execPath, [program], {
    cwd: sandbox.folder,
    encoding: 'utf8',
    env: { ...process.env, ...sandbox.surroundings().environment },
  });
  expect(output).toBe(block('text'));
});
