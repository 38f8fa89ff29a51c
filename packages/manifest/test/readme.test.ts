import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import { expect, test } from 'vitest';
import * as manifest from '../src/index.js';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');

function block(language: string): string {
  return new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'ms').exec(readme)?.[1] ?? '';
}

test('the example prints what the README says', () => {
  const lines: string[] = [];
  const log = (...values: unknown[]) => lines.push(`${format(...values)}\n`);
  const body = block('js').replace(
    /^import (\{.*?\}) from '@holdfast\/manifest';$/ms,
    'const $1 = library;',
  );
  new Function('library', 'console', body)(manifest, { log });
  expect(lines.join('')).toBe(block('text'));
});

test('every exported function is in the README', () => {
  const silent = Object.keys(manifest).filter((name) => !readme.includes(name));
  expect(silent).toEqual([]);
});
