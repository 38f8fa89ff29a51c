import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { createWorld } from './world.js';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');

/** The first block of a language. */
function block(language: string): string {
  return new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(readme)?.[1] ?? expect.fail(language);
}

test('the snippet runs and prints what the README says', async () => {
  const world = createWorld();
  try {
    world.release('v1.0.0', { 'core/guide.md': '# Guide\n' });
    world.addTarget('org/webapp');
    world.git(world.root, 'clone', '-q', world.sourceDirectory, 'source');
    world.git(
      world.root,
      'clone',
      '-q',
      '--bare',
      world.targetDirectory('org/webapp'),
      'webapp.git',
    );
    const program = join(world.root, 'snippet.mjs');
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
    const output = execFileSync(process.execPath, [program], { cwd: world.root, encoding: 'utf8' });
    expect(output).toBe(block('text'));
  } finally {
    await world.close();
  }
});
