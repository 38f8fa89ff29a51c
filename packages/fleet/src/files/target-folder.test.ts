import { mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeChanges } from './target-folder.js';

test('a planted link in the place of a temporary file is not written through', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-target-'));
  try {
    const outside = join(folder, 'outside');
    const root = join(folder, 'root');
    await writeFile(outside, 'theirs');
    await writeChanges(root, [
      { path: 'DECISIONS.md', mode: '100644', content: new TextEncoder().encode('one') },
    ]);
    await symlink(outside, join(root, 'DECISIONS.md.holdfast-new'));
    await writeChanges(root, [
      { path: 'DECISIONS.md', mode: '100644', content: new TextEncoder().encode('two') },
    ]);
    expect(await readFile(outside, 'utf8')).toBe('theirs');
    expect(await readFile(join(root, 'DECISIONS.md'), 'utf8')).toBe('two');
    expect((await readdir(root)).sort()).toEqual(['DECISIONS.md', 'DECISIONS.md.holdfast-new']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
