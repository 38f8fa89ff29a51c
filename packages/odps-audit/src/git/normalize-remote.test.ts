import { expect, it } from 'vitest';
import { isSameRemote, normalizeRemote } from './normalize-remote.js';

it.each([
  ['git@github.com:Org/Repo.git', 'https://github.com/Org/Repo', 'github'],
  ['https://github.com/Org/Repo/', 'https://github.com/Org/Repo', 'github'],
  ['ssh://git@github.com:22/org/repo.git', 'https://github.com/org/repo', 'github'],
  ['git://github.com/org/repo', 'https://github.com/org/repo', 'github'],
  ['https://oauth2:glpat-secret@gitlab.com/a/b.git', 'https://gitlab.com/a/b', 'gitlab'],
  ['git@gitlab.com:a/b/c/repo.git', 'https://gitlab.com/a/b/c/repo', 'gitlab'],
  ['git@bitbucket.org:a/b.git', 'https://bitbucket.org/a/b', 'bitbucket'],
  [
    'git@ssh.dev.azure.com:v3/org/proj/repo',
    'https://dev.azure.com/org/proj/_git/repo',
    'azuredevops',
  ],
  [
    'org@vs-ssh.visualstudio.com:v3/org/proj/repo',
    'https://dev.azure.com/org/proj/_git/repo',
    'azuredevops',
  ],
  [
    'ssh://git@ssh.dev.azure.com:22/v3/org/proj/repo',
    'https://dev.azure.com/org/proj/_git/repo',
    'azuredevops',
  ],
  [
    'https://org@dev.azure.com/org/my%20proj/_git/repo',
    'https://dev.azure.com/org/my%20proj/_git/repo',
    'azuredevops',
  ],
  [
    'git@ssh.dev.azure.com:v3/org/my%20proj/repo',
    'https://dev.azure.com/org/my%20proj/_git/repo',
    'azuredevops',
  ],
  [
    'https://org.visualstudio.com/proj/_git/repo',
    'https://dev.azure.com/org/proj/_git/repo',
    'azuredevops',
  ],
  [
    'https://org.visualstudio.com/DefaultCollection/proj/_git/repo',
    'https://dev.azure.com/org/proj/_git/repo',
    'azuredevops',
  ],
  [
    'https://org.visualstudio.com/_git/repo',
    'https://dev.azure.com/org/repo/_git/repo',
    'azuredevops',
  ],
])('%s becomes %s', (remote, url, type) => {
  expect(normalizeRemote(remote)).toEqual({ url, type });
});

it.each([
  [
    'ssh://git@host:2222/group/sub/repo.git',
    'https://host/group/sub/repo',
    'https://host',
    undefined,
  ],
  [
    'https://user:tok@gitlab.example.com/a/b/repo.git',
    'https://gitlab.example.com/a/b/repo',
    'https://gitlab.example.com',
    'gitlab',
  ],
  [
    'git@github.example.com:o/r.git',
    'https://github.example.com/o/r',
    'https://github.example.com',
    'github',
  ],
  [
    'https://host:8443/scm/proj/repo.git',
    'https://host:8443/scm/proj/repo',
    'https://host:8443',
    undefined,
  ],
  ['ssh://git@codeberg.org/x/y.git', 'https://codeberg.org/x/y', 'https://codeberg.org', undefined],
])('%s is self-hosted: %s at %s', (remote, url, host, type) => {
  expect(normalizeRemote(remote)).toEqual({ url, host, ...(type && { type }) });
});

it.each([
  '../relative/path.git',
  '/abs/path.git',
  'file:///abs/p.git',
  'C:\\repos\\x.git',
  'C:/x',
  '',
  'https://',
  'github.com',
])('%j leads to no host', (remote) => {
  expect(normalizeRemote(remote)).toBeUndefined();
});

it('compares without regard to case, protocol, slash and .git', () => {
  expect(isSameRemote('git@github.com:Org/Repo.git', 'https://github.com/org/repo/')).toBe(true);
  expect(isSameRemote('https://github.com/org/repo', 'https://github.com/fork/repo')).toBe(false);
});
