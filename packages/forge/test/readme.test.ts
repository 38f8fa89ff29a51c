import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { temporaryDirectory } from './git-sandbox.js';
import { bundle } from './run-worker.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The first block of a language. */
function block(language: string): string {
  return new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(readme)?.[1] ?? expect.fail(language);
}

test('the snippet runs and prints what the README says', async () => {
  const directory = temporaryDirectory();
  const snippet = join(fileURLToPath(new URL('.', import.meta.url)), 'readme-snippet.ts');
  const source = `async function main() {\n${block('ts').replace(/^import .*$/gm, '')}}\nvoid main();`;
  const imports = block('ts').match(/^import .*$/gm) ?? [];
  const program = await bundle(
    { contents: [...imports, source].join('\n'), path: snippet },
    directory,
  );
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', 'webapp.git'], {
    cwd: directory,
  });
  const output = execFileSync(process.execPath, [program], { cwd: directory, encoding: 'utf8' });
  expect(output).toBe(block('text'));
});
