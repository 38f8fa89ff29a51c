import { openRepository } from '@holdfast/git';
import { expect, test } from 'vitest';
import { createSandbox } from '../../test/sandbox.js';
import { identifySource } from './source-identity.js';

test.each([
  ['https://github.com/org/repo.git', { name: 'org/repo', url: 'https://github.com/org/repo' }],
  [
    'https://user@Git.Example.com:8443/group/sub/repo/',
    { name: 'sub/repo', url: 'https://git.example.com/group/sub/repo' },
  ],
  ['git@github.com:org/repo.git', { name: 'org/repo', url: 'https://github.com/org/repo' }],
  [
    'ssh://git@host.example:2222/org/repo.git',
    { name: 'org/repo', url: 'https://host.example/org/repo' },
  ],
  [
    'https://u:canary@h.example/org/repo.git',
    { name: 'org/repo', url: 'https://h.example/org/repo' },
  ],
  ['https://h.example/org/n.git?private_token=canary', { name: 'clone' }],
  ['https://h.example/org/n.git#canary', { name: 'clone' }],
  ['https://h.example/ghp_canary0123456789abcdefgh/n.git', { name: 'clone' }],
  ['https:/u:canary@h.example/org/n.git', { name: 'clone' }],
  ['../elsewhere/upstream.git', { name: 'upstream' }],
  ['/srv/git/core.bundle', { name: 'core' }],
])('names a source by its origin %s', async (origin, expected) => {
  await using sandbox = await createSandbox();
  await sandbox.repository('clone');
  await sandbox.git(sandbox.path('clone'), 'remote', 'add', 'origin', origin);
  expect(await identify(sandbox.path('clone'))).toEqual(expected);
});

test('names a source without an origin by its folder', async () => {
  await using sandbox = await createSandbox();
  await sandbox.repository('handbook');
  await sandbox.repository('bare.git');
  expect(await identify(sandbox.path('handbook'))).toEqual({ name: 'handbook' });
  expect(await identify(sandbox.path('bare.git'))).toEqual({ name: 'bare' });
});

test('reads the origin of a linked work tree', async () => {
  await using sandbox = await createSandbox();
  await sandbox.repository('main-tree');
  const cwd = sandbox.path('main-tree');
  await sandbox.git(cwd, 'remote', 'add', 'origin', 'https://github.com/org/repo');
  await sandbox.git(cwd, 'worktree', 'add', '--quiet', sandbox.path('linked'));
  expect(await identify(sandbox.path('linked'))).toMatchObject({ name: 'org/repo' });
});

async function identify(path: string) {
  const repository = await openRepository(path, { environment: { PATH: process.env['PATH'] } });
  try {
    return await identifySource(repository);
  } finally {
    await repository.close();
  }
}
