import { readFileSync } from 'node:fs';
import { formatWithOptions } from 'node:util';
import { expect, test } from 'vitest';
import * as merge from '../src/index.js';
import * as yaml from '../src/yaml/index.js';

test('the snippet of the README prints what it says', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, snippet = '', printed = ''] =
    /```js\n([^]*?)```\n\nprints\n\n```text\n([^]*?)```/.exec(readme) ?? [];
  const names = { ...merge, ...yaml };
  const imports = [
    ...snippet.matchAll(/^import \{ (.*?) \} from '@holdfast\/merge(?:\/yaml)?';\n/gm),
  ];
  const imported = imports.flatMap(([, list = '']) => list.split(', '));
  expect(Object.keys(names)).toEqual(expect.arrayContaining(imported));

  let output = '';
  const log = (...values: unknown[]): void => {
    output += `${formatWithOptions({ colors: false }, ...values)}\n`;
  };
  const body = snippet.replaceAll(/^import .*\n/gm, '');
  const run = new Function('console', ...Object.keys(names), body);
  run({ log }, ...Object.values(names));
  expect(output).toBe(printed);
});
