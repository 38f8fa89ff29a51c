import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { expect, it } from 'vitest';
import * as validation from '../src/index.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const snippet = /(`{3,})ts\n([\s\S]*?)\n\1\n/.exec(readme)![2]!;
const output = /(`{3,})text\n([\s\S]*?)\n\1\n/.exec(readme)![2]!;

it("prints what the README's example says", async () => {
  const printed: string[] = [];
  const body = stripTypeScriptTypes(snippet.replace(/^import [^;]*;/m, ''));
  const names = Object.keys(validation);
  const run = Function('console', ...names, `return (async () => {${body}})()`) as (
    ...args: unknown[]
  ) => Promise<void>;
  await run({ log: (line: string) => printed.push(line) }, ...Object.values(validation));
  expect(printed.join('\n').trimEnd()).toBe(output.trimEnd());
});

it('imports in its example what the package exports', () => {
  const [, list] = /import \{([^}]*)\} from '@holdfast\/validation'/.exec(snippet)!;
  const names = list!
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  expect(Object.keys(validation)).toEqual(expect.arrayContaining(names));
});
