import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { makeFolder } from './scratch.js';

test('the example in the README runs and prints what the README shows', () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const [, snippet = '', output] = /```js\n(.*?)```\n\n```text\n(.*?)```/s.exec(readme) ?? [];
  const source = pathToFileURL(join(import.meta.dirname, '../src/index.ts')).href;
  const folder = makeFolder();
  writeFileSync(join(folder, 'example.mjs'), snippet.replace("'@holdfast/git'", `'${source}'`));
  const hooks = join(import.meta.dirname, 'resolve-source.js');
  const printed = execFileSync(process.execPath, [`--import=${hooks}`, 'example.mjs'], {
    cwd: folder,
  });
  expect(printed.toString()).toBe(output);
});
