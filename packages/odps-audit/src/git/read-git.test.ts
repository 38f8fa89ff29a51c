import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { makeFolder } from '../../test/sandbox.js';
import { connectionBranch } from './git-facts.js';
import { readGit } from './read-git.js';

async function makeRepository(...commands: string[][]) {
  const folder = await makeFolder({ 'a/b/dbt_project.yml': 'name: x\n' });
  for (const args of [['init', '-q', '-b', 'work'], ...commands]) git(folder, ...args);
  return folder;
}

function git(folder: string, ...args: string[]): void {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  execFileSync('git', [...identity, '-C', folder, ...args], { stdio: 'ignore' });
}

const read = (folder: string) => readGit(folder, { environment: { PATH: process.env['PATH'] } });
const commit = ['commit', '-q', '--allow-empty', '-m', 'x'];
const origin = ['remote', 'add', 'origin', 'https://user:token@github.com/acme/shop.git'];

it('reads remote, default branch and place, whatever is checked out', async () => {
  const head = ['symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main'];
  const folder = await makeRepository(origin, commit, ['checkout', '-q', '-b', 'feature'], head);
  const facts = await read(`${folder}/a/b`);
  expect(facts).toEqual({
    kind: 'repository',
    path: 'a/b',
    remote: 'https://user:token@github.com/acme/shop.git',
    defaultBranch: 'main',
    branch: 'feature',
  });
  expect(connectionBranch(facts)).toBe('main');
});

it.each<[string, string[][], object, string | undefined]>([
  ['an unborn branch', [], { branch: 'work', remote: undefined }, undefined],
  ['a detached HEAD', [commit, ['checkout', '-q', '--detach']], { branch: undefined }, undefined],
  [
    'main without origin/HEAD',
    [commit, ['checkout', '-q', '-b', 'main']],
    { branch: 'main' },
    'main',
  ],
  ['a feature branch without origin/HEAD', [commit], { branch: 'work' }, undefined],
  [
    'one remote of another name',
    [['remote', 'add', 'up', 'git@gitlab.com:a/b.git']],
    { remote: 'git@gitlab.com:a/b.git' },
    undefined,
  ],
  [
    'two remotes, none of them origin',
    [
      ['remote', 'add', 'a', 'x:a'],
      ['remote', 'add', 'b', 'x:b'],
    ],
    { remote: undefined },
    undefined,
  ],
])('%s', async (_name, commands, facts, branch) => {
  const read1 = await read(await makeRepository(...commands));
  expect([read1, connectionBranch(read1)]).toEqual([expect.objectContaining(facts), branch]);
});

it('takes a folder without repository, a bare one and a machine without git for none', async () => {
  const bare = await makeFolder({});
  git(bare, 'init', '-q', '--bare');
  expect(await read(await makeFolder({}))).toEqual({ kind: 'none' });
  expect(await read(bare)).toEqual({ kind: 'none' });
  expect(await readGit(await makeRepository(), { environment: { PATH: '/nowhere' } })).toEqual({
    kind: 'none',
  });
});
