import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, expect, test } from 'vitest';

const project = join(import.meta.dirname, '..');
const readme = readFileSync(join(project, 'README.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'holdfast-type-schemas-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The first block of a language. */
function block(language: string): string {
  return new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(readme)?.[1] ?? expect.fail(language);
}

test('the snippet runs and prints what the README says', async () => {
  mkdirSync(join(folder, 'types'));
  writeFileSync(
    join(folder, 'types/model.ts'),
    'export interface Model { name: string; size?: number }\n',
  );
  symlinkSync(join(project, '../../node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'snippet.ts'), block('ts'));
  await build({
    absWorkingDir: folder,
    entryPoints: {
      snippet: 'snippet.ts',
      'extract-worker': join(project, 'src/extract-worker.ts'),
    },
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@holdfast/source'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const output = execFileSync(process.execPath, ['snippet.js'], { cwd: folder, encoding: 'utf8' });
  expect(output).toBe(block('text'));
});
