import { expect, test } from 'vitest';
import { GitError } from './git-error.js';
import { localPath, normalizeLocation, parseLocation, resolveLocation } from './location.js';

const remote = (protocol: string, url: string, host: string, path: string): object => ({
  kind: 'url',
  protocol,
  url,
  host,
  path,
});

test.each([
  ['.', { kind: 'path', path: '.' }],
  ['/srv/a b.git', { kind: 'path', path: '/srv/a b.git' }],
  ['../x:y', { kind: 'path', path: '../x:y' }],
  ['./u:p@h', { kind: 'path', path: './u:p@h' }],
  ['C:\\repos\\x', { kind: 'path', path: 'C:\\repos\\x' }],
  ['C:/repos/x', { kind: 'path', path: 'C:/repos/x' }],
  [
    'HTTPS://GitHub.com:443/Org/Repo.git/',
    remote('https', 'https://github.com/Org/Repo.git', 'github.com', '/Org/Repo.git/'),
  ],
  ['https://h.example:8443/x', remote('https', 'https://h.example:8443/x', 'h.example:8443', '/x')],
  [
    'https://h.example/@scope/x',
    remote('https', 'https://h.example/@scope/x', 'h.example', '/@scope/x'),
  ],
  [
    'ssh://git@example.com:22/x',
    remote('ssh', 'ssh://git@example.com:22/x', 'example.com:22', '/x'),
  ],
  ['file:///srv/x.git', remote('file', 'file:///srv/x.git', '', '/srv/x.git')],
  [
    'git@example.com:org/x.git',
    remote('ssh', 'git@example.com:org/x.git', 'example.com', 'org/x.git'),
  ],
  ['host:/srv/x', remote('ssh', 'host:/srv/x', 'host', '/srv/x')],
  ['[::1]:x', remote('ssh', '[::1]:x', '[::1]', 'x')],
])('reads %j', (location, expected) => {
  expect(parseLocation(location)).toEqual(expected);
});

test.each([
  '',
  ' ',
  'a\nb',
  'ext::sh -c touch% x',
  'fd::17',
  'ftp://example.com/x',
  'javascript://x',
  'https://',
  'ssh://-oProxyCommand=x/y',
  '-oProxyCommand=x:y',
  'host:-x',
  'host:',
  'https://exa mple.com/x',
  'https://example.com/a%00b',
  'https://example.com/a%0ab',
  'https://example.com/100%',
  'ssh://a%20b@example.com/x',
  'http:\\\\example.com\\x',
])('refuses %j', (location) => {
  expect(() => parseLocation(location)).toThrow(GitError);
});

test('says why, and what would do', () => {
  const error = (() => {
    try {
      return parseLocation('https://ada:s3cret@example.com/x.git');
    } catch (thrown) {
      return thrown as GitError;
    }
  })();
  expect(error).toMatchObject({
    code: 'invalid-location',
    blame: 'input',
    message:
      'the location of a repository cannot be used: a URL must not carry credentials (it is not shown: it may hold a secret)',
    hint: 'hand credentials over separately, by a credential helper or the environment',
  });
});

test('one repository has one normal form', () => {
  const forms = [
    'https://Example.com/x',
    'https://example.com:443/x/',
    'HTTPS://example.com/y/../x',
  ];
  expect(new Set(forms.map(normalizeLocation)).size).toBe(1);
});

test('a path is taken from a folder, whatever lies elsewhere stays', () => {
  expect(resolveLocation('/srv', '../x.git')).toBe('/x.git');
  expect(resolveLocation('/srv', 'git@h.example:x')).toBe('git@h.example:x');
  expect(resolveLocation('/srv', 'https://h.example/x')).toBe('https://h.example/x');
});

test('a file URL and a path are on this machine', () => {
  expect(localPath(parseLocation('file:///srv/a%20b.git'))).toBe('/srv/a b.git');
  expect(localPath(parseLocation('x.git'))).toBe('x.git');
  expect(localPath(parseLocation('https://h.example/x'))).toBeUndefined();
  expect(() => localPath(parseLocation('file://elsewhere.example/x'))).toThrow(GitError);
});
