import { readFileSync } from 'node:fs';
import { formatWithOptions } from 'node:util';
import { expect, test } from 'vitest';
import * as page from '../src/index.js';

test('the snippet of the README prints what it says', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, snippet = '', printed = ''] =
    /```js\n([^]*?)```\n\nprints\n\n```text\n([^]*?)```/.exec(readme) ?? [];
  let output = '';
  const log = (...values: unknown[]): void => {
    output += `${formatWithOptions({ colors: false }, ...values)}\n`;
  };
  const body = snippet.replaceAll(/^import .*\n/gm, '');
  new Function('console', ...Object.keys(page), body)({ log }, ...Object.values(page));
  expect(output).toBe(printed);
});
