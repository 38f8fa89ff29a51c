import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as transforms from './index.js';

test('the README’s snippet prints what it says', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, names, body] =
    /```ts\nimport \{ (.*) \} from '@holdfast\/transforms';\n([^]*?)```/.exec(readme) ?? [];
  const output = /```\n\n((?: {4}.*\n)+)/.exec(readme)?.[1]?.replace(/^ {4}/gm, '');
  const printed: string[] = [];
  const console = { log: (...words: string[]) => printed.push(words.join(' ')) };
  new Function('console', 'transforms', `const { ${names} } = transforms;\n${body}`)(
    console,
    transforms,
  );
  expect(printed.join('\n') + '\n').toBe(output);
});
