import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createStandIn, type StandInKind } from '@holdfast/forge-stand-in';
import { expect, test } from 'vitest';
import { createSandbox } from './sandbox.js';

const bin = fileURLToPath(new URL('../bin/holdfast.js', import.meta.url));
const readme = new URL('../../../packages/forge/README.md', import.meta.url);
const kinds: readonly StandInKind[] = ['github', 'gitlab', 'forgejo'];

test.each(kinds)('the tour of the forges, on %s', async (kind) => {
  const [, tour = ''] =
    /## A tour[^]*?```sh\n([^]*?)```/.exec(await readFile(readme, 'utf8')) ?? [];
  await using sandbox = await createSandbox();
  const standIn = await createStandIn(kind, { directory: sandbox.path('forge') });
  try {
    standIn.world.tokens.set('try-it', 'holdfast');
    for (const name of ['org/webapp', 'org/api']) {
      standIn.world.add(name).git.commit('main', { 'README.md': `# ${name}\n` });
    }
    await mkdir(sandbox.path('bin'), { recursive: true });
    const program = `#!/bin/sh\nexec ${process.execPath} ${bin} "$@"\n`;
    await writeFile(sandbox.path('bin', 'holdfast'), program, { mode: 0o755 });
    const script = tour
      .replaceAll('127.0.0.1:4411', new URL(standIn.origin).host)
      .replaceAll('forge: github', `forge: ${kind}`);
    const { stdout } = await promisify(execFile)('bash', ['-e', '-c', script], {
      cwd: sandbox.path(),
      env: {
        ...process.env,
        PATH: `${sandbox.path('bin')}:${process.env['PATH']}`,
        HOME: sandbox.path(),
        GIT_AUTHOR_NAME: 'Ada',
        GIT_AUTHOR_EMAIL: 'ada@example.com',
        GIT_COMMITTER_NAME: 'Ada',
        GIT_COMMITTER_EMAIL: 'ada@example.com',
        HOLDFAST_STATE_DIR: sandbox.path('state'),
        HOLDFAST_CACHE_DIR: sandbox.path('cache'),
      },
    });
    const words = [
      '2 of 2 repositories can be written',
      '2 to change',
      '2 opened',
      '2 merged',
      '2 current',
    ];
    expect(words.filter((word) => !stdout.includes(word))).toEqual([]);
    const merged = standIn.world.repositories.get('org/api')!.git;
    expect(merged.git('show', 'main:docs/standards/review.md')).toBe('# How we review');
    expect(standIn.violations).toEqual([]);
  } finally {
    await standIn.close();
  }
});
