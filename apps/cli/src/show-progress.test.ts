import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { CommandContext } from './command-result.js';
import { showProgress } from './show-progress.js';

function terminal(isTTY: boolean, logLevel: CommandContext['logLevel'] = 'warn') {
  const written: string[] = [];
  const stderr = { write: (text: string) => written.push(text), isTTY, columns: 30 };
  const context: CommandContext = {
    logLevel,
    surroundings: {
      cwd: '/',
      environment: {},
      clock: () => new Date(0),
      stdin: Readable.from([]),
      stdout: stderr,
      stderr,
      signal: new AbortController().signal,
    },
  };
  return { context, written };
}

test('long work shows how far it is, on one line that is gone at the end', async () => {
  const { context, written } = terminal(true);
  const result = await showProgress(context, async (onProgress) => {
    onProgress({ done: 1, total: 3, target: 'org/first' });
    await sleep(1200);
    onProgress({ done: 2, total: 3, target: 'org/a-name-that-is-longer-than-the-line' });
    return 'done';
  });
  expect(result).toBe('done');
  expect(written).toEqual([
    '\r\x1b[2K1/3 targets  org/first',
    '\r\x1b[2K2/3 targets  org/a-name-that-',
    '\r\x1b[2K',
  ]);
});

test.each([
  ['short work', true, 'warn', 0],
  ['where nobody watches', false, 'warn', 1200],
  ['when asked to be quiet', true, 'silent', 1200],
] as const)('shows nothing: %s', async (_name, isTTY, logLevel, milliseconds) => {
  const { context, written } = terminal(isTTY, logLevel);
  await showProgress(context, async (onProgress) => {
    onProgress({ done: 1, total: 2, target: 'org/first' });
    await sleep(milliseconds);
  });
  expect(written).toEqual([]);
});
