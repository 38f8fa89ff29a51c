import { describe, expect, test } from 'vitest';
import { GitError } from './git-error.js';
import { normalizeLocation, parseLocation, redactLocation } from './location.js';

test.each([
  ['.', { kind: 'path', path: '.' }],
  ['/srv/a b.git', { kind: 'path', path: '/srv/a b.git' }],
  ['../x:y', { kind: 'path', path: '../x:y' }],
  ['C:\\repos\\x', { kind: 'path', path: 'C:\\repos\\x' }],
  ['C:/repos/x', { kind: 'path', path: 'C:/repos/x' }],
  [
    'HTTPS://GitHub.com:443/Org/Repo.git/',
    { kind: 'url', protocol: 'https', url: 'https://github.com/Org/Repo.git' },
  ],
  [
    'ssh://git@example.com:22/x',
    { kind: 'url', protocol: 'ssh', url: 'ssh://git@example.com:22/x' },
  ],
  ['file:///srv/x.git', { kind: 'url', protocol: 'file', url: 'file:///srv/x.git' }],
  ['git@example.com:org/x.git', { kind: 'url', protocol: 'ssh', url: 'git@example.com:org/x.git' }],
  ['host:x', { kind: 'url', protocol: 'ssh', url: 'host:x' }],
  ['[::1]:x', { kind: 'url', protocol: 'ssh', url: '[::1]:x' }],
])('reads %j', (location, expected) => {
  expect(parseLocation(location)).toEqual(expected);
});

test.each([
  '',
  'a\nb',
  'ext::sh -c touch% x',
  'fd::17',
  'ftp://example.com/x',
  'javascript://x',
  'https://',
  'https://token@example.com/x',
  'https://user:canary@example.com/x',
  'ssh://git:canary@example.com/x',
  'https://example.com/x?private_token=canary',
  'ssh://-oProxyCommand=x/y',
  '-oProxyCommand=x:y',
  'host:-x',
  'host:',
])('refuses %j', (location) => {
  expect(() => parseLocation(location)).toThrow(GitError);
  expect(() => parseLocation(location)).not.toThrow(/canary/);
});

describe('redactLocation', () => {
  test.each([
    ['https://user:secret@example.com/x', 'https://example.com/x'],
    ['https://token@example.com/x?private_token=y#z', 'https://example.com/x'],
    ['file:///srv/what?', 'file:///srv/what?'],
    ['https://a@b:c@d@example.com/x@y', 'https://example.com/x@y'],
    ['HTTPS://user:se/cret@example.com', 'HTTPS://user:se/cret@example.com'],
    ['ssh://git:secret@example.com/x', 'ssh://git@example.com/x'],
    ['ssh://git@example.com/x', 'ssh://git@example.com/x'],
    ['git@example.com:x', 'git@example.com:x'],
    ['../x', '../x'],
  ])('%s becomes %s', (location, expected) => {
    expect(redactLocation(location)).toBe(expected);
  });
});

test('one repository has one normal form', () => {
  const forms = [
    'https://Example.com/x',
    'https://example.com:443/x/',
    'https://me:pw@example.com/x',
  ];
  expect(new Set(forms.map(normalizeLocation)).size).toBe(1);
});
