import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { catalogueFolder, recoverFolder } from './catalogue-folder.js';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'holdfast-catalogue-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (path: string) => readFile(join(root, path), 'utf8');

describe('write', () => {
  test('writes, removes, takes empty folders away, and leaves nothing of its own', async () => {
    const folder = catalogueFolder(root);
    const mode = '100644';
    await folder.write([{ path: 'a/b/c.json', mode, content: bytes('1') }], '{}');
    await folder.write(
      [
        { path: 'a/b/c.json', remove: true },
        { path: 'run.sh', mode: '100755', content: bytes('x') },
      ],
      '{ "n": 2 }',
    );
    expect((await readdir(root)).sort()).toEqual(['.sync-manifest.json', 'run.sh']);
    expect(await folder.readManifest()).toBe('{ "n": 2 }');
    expect((await folder.look(['run.sh', 'a/b/c.json'])).get('run.sh')?.mode).toBe('100755');
  });

  test('refuses to write through a link, and writes nothing then', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'holdfast-outside-'));
    await symlink(outside, join(root, 'a'));
    const changes = [
      { path: 'b.json', mode: '100644', content: bytes('1') },
      { path: 'a/x.json', mode: '100644', content: bytes('1') },
    ] as const;
    await expect(catalogueFolder(root).write(changes, '{}')).rejects.toThrow(/symbolic link/);
    expect(await readdir(root)).toEqual(['a']);
    expect(await readdir(outside)).toEqual([]);
    await rm(outside, { recursive: true });
  });
});

describe('after a crash', () => {
  test('before the journal: as if it had never begun', async () => {
    await writeFile(join(root, 'a.json'), 'old');
    await mkdir(join(root, '.holdfast-pull'));
    await writeFile(join(root, '.holdfast-pull', '0'), 'new');
    await recoverFolder(root);
    expect(await readdir(root)).toEqual(['a.json']);
    expect(await text('a.json')).toBe('old');
  });

  test('after the journal, at every step: finished', async () => {
    const steps = [
      { path: 'a.json', staged: '0', mode: 0o644 },
      { path: 'gone.json', remove: true },
      { path: 'b/c.json', staged: '1', mode: 0o755 },
      { path: '.sync-manifest.json', staged: 'manifest', mode: 0o644 },
    ];
    for (let done = 0; done <= 3; done += 1) {
      await rm(root, { recursive: true });
      await mkdir(join(root, '.holdfast-pull'), { recursive: true });
      const staging = (name: string) => join(root, '.holdfast-pull', name);
      await writeFile(join(root, 'a.json'), done >= 1 ? 'new' : 'old');
      if (done < 1) await writeFile(staging('0'), 'new');
      if (done < 2) await writeFile(join(root, 'gone.json'), 'x');
      if (done >= 3) await mkdir(join(root, 'b'));
      await writeFile(done >= 3 ? join(root, 'b/c.json') : staging('1'), 'c');
      await writeFile(staging('manifest'), '{}');
      await writeFile(staging('journal.json'), JSON.stringify(steps));
      await recoverFolder(root);
      expect((await readdir(root)).sort()).toEqual(['.sync-manifest.json', 'a.json', 'b']);
      expect([await text('a.json'), await text('b/c.json')]).toEqual(['new', 'c']);
    }
  });
});
