import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readJsonFile } from './read-json-file.js';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-json-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a device or a pipe, which may never end, is no file', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  for (const path of ['/dev/zero', pipe]) {
    await expect(readJsonFile(path)).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringContaining('it is no regular file'),
    });
  }
});

test('a folder cannot be read, and what is not there is undefined', async () => {
  await expect(readJsonFile(folder)).rejects.toMatchObject({ code: 'damaged' });
  expect(await readJsonFile(join(folder, 'none.json'))).toBeUndefined();
  writeFileSync(join(folder, 'a.json'), '{"a": 1}');
  expect(await readJsonFile(join(folder, 'a.json'))).toEqual({ value: { a: 1 }, warnings: [] });
});
