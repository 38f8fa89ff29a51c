import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as library from '../src/index.js';

test('the README’s snippet prints what it says', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, names, body] =
    /```js\nimport \{([^}]*)\} from '@holdfast\/catalog-diff';\n([^]*?)```/.exec(readme) ?? [];
  const [, output] = /prints\n\n```text\n([^]*?)```/.exec(readme) ?? [];
  const printed: string[] = [];
  const console = { log: (...words: string[]) => printed.push(words.join(' ')) };
  new Function('console', 'library', `const {${names}} = library;\n${body}`)(console, library);
  expect(printed.join('\n').trim()).toBe(output?.trim());
});
