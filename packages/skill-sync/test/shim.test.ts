import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeShim } from '../src/index.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "skill shim' $x-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A command that prints its words, one a line, and ends with the code that stands in a variable. */
const echo = ['sh', '-c', 'printf "<%s>\\n" "$@"; exit ${CODE-0}', 'echo'];

test.each([
  [
    ['state', 'list', '--pattern', 'a:*,b', '--json'],
    ['state', 'list', '--pattern', 'a:*,b', '--json'],
  ],
  [
    ['state', 'get', 'k'],
    ['state', 'get', '--', 'k'],
  ],
  [
    ['state', 'get', '--key', 'k', '--json'],
    ['state', 'get', '--json', '--', 'k'],
  ],
  [
    ['state', 'set', 'k', '-5 $x "q"'],
    ['state', 'set', '--', 'k', '-5 $x "q"'],
  ],
  [
    ['state', 'set', '--key', 'k', '--value', '--v'],
    ['state', 'set', '--', 'k', '--v'],
  ],
  [
    ['state', 'set', '--value', 'v', '--key', 'k'],
    ['state', 'set', '--', 'k', 'v'],
  ],
  [
    ['state', 'set', '--value', 'v', 'k'],
    ['state', 'set', '--', 'k', 'v'],
  ],
  [
    ['state', 'set', 'k', ''],
    ['state', 'set', '--', 'k', ''],
  ],
  [
    ['state', 'delete', 'a', 'b', '--json'],
    ['state', 'delete', '--yes', 'a', 'b', '--json'],
  ],
  [
    ['sync', 'generate', '--skill', 'x'],
    ['skills', 'generate', '--skill', 'x'],
  ],
  [
    ['sync', 'list'],
    ['skills', 'list'],
  ],
])('ambrogioctl %j is holdfast %j', async (words, expected) => {
  const { file } = await writeShim(folder, { command: echo });
  const output = execFileSync(file, words, { encoding: 'utf8' });
  expect(output).toBe(expected.map((word) => `<${word}>\n`).join(''));
});

test('exit codes are those of the described system, and failed queries are noted', async () => {
  const { file } = await writeShim(folder, { command: echo });
  const log = join(folder, 'log');
  const run = (code: number, ...words: string[]) =>
    spawnSync(file, words, {
      env: { PATH: process.env['PATH'], CODE: String(code), HOLDFAST_FAILED_QUERIES: log },
    }).status;
  expect(run(1, 'state', 'get', 'absent')).toBe(3);
  expect(run(1, 'sync', 'generate', '--all')).toBe(1);
  expect(run(2, 'memory', 'sync')).toBe(2);
  expect(existsSync(log)).toBe(false);
  expect(run(3, 'state', 'list', '--pattern', 'a*')).toBe(3);
  expect(run(3, 'state', 'get', 'k')).toBe(3);
  expect(run(2, 'state')).toBe(2);
  expect(readFileSync(log, 'utf8')).toBe(
    'state list --pattern a* (exit 3)\nstate get k (exit 3)\nstate   (exit 2)\n',
  );
});

test('what is given for good stands where nothing else is set', async () => {
  const environment = { HOLDFAST_STATE_DB: '/a b/"$x`}.db' };
  const command = ['sh', '-c', 'printf %s "$HOLDFAST_STATE_DB"', 'show'];
  const { file } = await writeShim(folder, { command, environment });
  const run = (env: NodeJS.ProcessEnv) => execFileSync(file, ['state'], { encoding: 'utf8', env });
  expect(run({ PATH: process.env['PATH'] })).toBe('/a b/"$x`}.db');
  expect(run({ PATH: process.env['PATH'], HOLDFAST_STATE_DB: 'other' })).toBe('other');
});

test('the script is written once, and another program of that name is left alone', async () => {
  const folderOfIts = join(folder, 'new', 'bin');
  expect(await writeShim(folderOfIts, { command: echo })).toMatchObject({ kind: 'written' });
  expect(await writeShim(folderOfIts, { command: echo })).toMatchObject({ kind: 'unchanged' });
  expect(statSync(join(folderOfIts, 'ambrogioctl')).mode & 0o777).toBe(0o755);
  writeFileSync(join(folder, 'ambrogioctl'), '#!/bin/sh\necho the real one\n');
  await expect(writeShim(folder, { command: echo })).rejects.toMatchObject({ code: 'unwritable' });
});
