import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateStore } from '@holdfast/catalog-diff/snapshots';
import { expect, test } from 'vitest';
import * as library from '../src/index.js';
import { npmServer } from './stand.js';

test('the README’s snippet prints what it says', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const [, snippet = ''] = /```js\n([^]*?)```/.exec(readme) ?? [];
  const [, output] = /prints\n\n```text\n([^]*?)```/.exec(readme) ?? [];
  const folder = await mkdtemp(join(tmpdir(), 'catalog-proxy-'));
  const printed: string[] = [];
  const console = { log: (...words: unknown[]) => printed.push(words.join(' ')) };
  const memory = npmServer('@modelcontextprotocol/server-memory', [], {
    MEMORY_FILE_PATH: join(folder, 'memory.json'),
  });
  const surroundings = {
    ...library,
    StateStore,
    // `npx` fetches; here the same server is at hand.
    parseServers: () => ({ servers: new Map([['memory', memory]]) }),
  };
  const body = snippet
    .replaceAll(/^import .*\n/gm, '')
    .replace("'state'", JSON.stringify(join(folder, 'state')));
  const AsyncFunction = (async () => undefined).constructor as new (
    ...words: string[]
  ) => (...given: unknown[]) => Promise<void>;
  const names = Object.keys(surroundings);
  try {
    await new AsyncFunction('console', ...names, body)(console, ...Object.values(surroundings));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  expect(printed.join('\n').trim()).toBe(output?.trim());
});
