import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as skillSync from '../src/index.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

function block(language: string): string {
  const found = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(readme)?.[1];
  if (found === undefined) throw new Error(`no block of ${language}`);
  return found;
}

test('the README’s snippet prints what it says', async () => {
  const root = mkdtempSync(join(tmpdir(), 'skill-readme-'));
  try {
    const skill = join(root, 'skills/structured-notes');
    mkdirSync(skill, { recursive: true });
    mkdirSync(join(root, 'data'));
    writeFileSync(join(skill, 'SYNC.json'), block('json').replace('DATA', join(root, 'data')));
    writeFileSync(join(skill, 'notes.liquid'), block('liquid'));
    const [, names, body = ''] =
      /import \{ (.*) \} from '@holdfast\/skill-sync';\n([^]*)/.exec(block('js')) ?? [];
    const printed: string[] = [];
    const console = { log: (...words: string[]) => printed.push(words.join(' ')) };
    const AsyncFunction = (async () => undefined).constructor as typeof Function;
    const run = new AsyncFunction(
      'console',
      'skillSync',
      'readFile',
      'writeFile',
      `const { ${names} } = skillSync;\n${body.replaceAll("'data/", `'${root}/data/`).replace("cwd: '.'", `cwd: '${root}'`).replace("['data']", `['${root}/data']`)}`,
    );
    await (run(console, skillSync, readFile, writeFile) as Promise<void>);
    expect(`${printed.join('\n')}\n`).toBe(block('text'));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
