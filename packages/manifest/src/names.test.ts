import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { forgeOf } from './forge-of.js';
import {
  checkBranchName,
  checkEndpoint,
  checkHeaderName,
  checkLocation,
  checkName,
  checkRepositoryName,
  checkVariableName,
} from './names.js';

function gitAccepts(ref: string): boolean {
  try {
    execFileSync('git', ['check-ref-format', ref], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a rule id or namespace', () => {
  test.each(['sync-webapp-orchestrator', 'a', '_x', 'v1.2', 'A_b-c.d'])('may be %s', (name) => {
    expect(checkName(name)).toBeUndefined();
    expect(gitAccepts(`refs/heads/${name}-sync/v1/${name}`)).toBe(true);
  });

  test.each([
    '',
    '.',
    '..',
    '.hidden',
    '-x',
    'a/b',
    'a\\b',
    'a b',
    'a..b',
    'a.',
    'a.lock',
    'a.LOCK',
    'ä',
    'a\0',
    'a:b',
    'a~b',
    'nul',
    'COM1.x',
    'a'.repeat(101),
  ])('may not be %j', (name) => {
    expect(checkName(name)).toEqual(expect.any(String));
  });
});

describe('a branch', () => {
  test.each(['main', 'feature/docs', 'a-b_c.d', 'ä', 'a@b', '@x', 'v1.0'])(
    'may be %s, as git says',
    (name) => {
      expect(checkBranchName(name)).toBeUndefined();
      expect(gitAccepts(`refs/heads/${name}`)).toBe(true);
    },
  );

  test.each([
    '',
    'a..b',
    'a b',
    'a~1',
    'a^',
    'a:b',
    'a?',
    'a*',
    'a[',
    'a\\b',
    '/a',
    'a/',
    'a//b',
    '.a',
    'a/.b',
    'a.',
    'a.lock',
    'a.lock/b',
    'a@{1}',
    'a\x7f',
  ])('may not be %j, as git says', (name) => {
    expect(checkBranchName(name)).toEqual(expect.any(String));
    expect(gitAccepts(`refs/heads/${name}`)).toBe(false);
  });

  test.each(['-x', '@'])('may not be %s, which git would take for something else', (name) => {
    expect(checkBranchName(name)).toEqual(expect.any(String));
  });
});

test.each([
  ['org/webapp', true],
  ['group/sub/repo', true],
  ['webapp', true],
  ['constructor', true],
  ['__proto__', false],
  ['org/', false],
  ['org/..', false],
  ['org web', false],
  ['', false],
])('a repository named %j: %s', (name, good) => {
  expect(checkRepositoryName(name) === undefined).toBe(good);
});

describe('a location', () => {
  test.each([
    '.',
    '../repos/webapp.git',
    '/srv/x.git',
    'C:\\repos\\x',
    'https://example.com/x.git',
    'ssh://git@example.com:22/x',
    'git@example.com:org/x.git',
    'file:///srv/x.git',
  ])('may be %s', (location) => {
    expect(checkLocation(location)).toBeUndefined();
  });

  test.each(['', '-x', '--upload-pack=id', 'ext::sh -c id', 'javascript://x', 'https://', 'a\nb'])(
    'may not be %j',
    (location) => {
      expect(checkLocation(location)).toEqual(expect.any(String));
    },
  );

  test.each([
    'https://token@example.com/x',
    'https://user:token@example.com/x',
    'ssh://git:token@example.com/x',
    'user:token@example.com:x',
    'https://example.com/x?private=token',
  ])('may not hold credentials, and the message does not repeat them: %s', (location) => {
    expect(checkLocation(location)).toContain('credentials');
    expect(checkLocation(location)).not.toContain('token');
  });
});

test.each([
  ['https://github.com/a/b.git', 'github'],
  ['https://GitHub.com/a/b', 'github'],
  ['git@github.com:a/b.git', 'github'],
  ['ssh://git@ssh.github.com:443/a/b', 'github'],
  ['https://gitlab.com/a/b', 'gitlab'],
  ['git@gitlab.com:a/b', 'gitlab'],
  ['https://gitlab.example.com/a/b', 'embedded'],
  ['https://github.com.example.org/a/b', 'embedded'],
  ['https://example.com/github.com/a', 'embedded'],
  ['../github.com/a', 'embedded'],
  ['github.com/a/b', 'embedded'],
  ['/srv/gitlab.com/a', 'embedded'],
  ['file:///github.com/a', 'embedded'],
  ['.', 'embedded'],
])('the forge of %s is %s', (location, forge) => {
  expect(forgeOf(location)).toBe(forge);
});

describe('an endpoint', () => {
  test.each([
    'https://catalogue.example/validate?strict=1',
    'http://localhost:8080/',
    'http://127.0.0.1:9/x',
    'http://[::1]/x',
  ])('may be %s', (url) => {
    expect(checkEndpoint(url)).toBeUndefined();
  });

  test.each([
    ['', 'must be an https URL'],
    ['catalogue.example/validate', 'must be an https URL'],
    ['file:///etc/passwd', 'must be an https URL'],
    ['https://ada:secret@catalogue.example', 'must not hold credentials'],
    ['https://token@catalogue.example', 'must not hold credentials'],
    ['http://catalogue.example', 'must be an https URL, or on localhost'],
    ['http://127.0.0.1.example', 'must be an https URL, or on localhost'],
    ['https://catalogue.example/#x', 'must not hold a #fragment'],
  ])('may not be %s', (url, words) => {
    expect(checkEndpoint(url)).toContain(words);
    expect(checkEndpoint(url)).not.toContain('secret');
  });
});

describe('a header and the variable that holds its value', () => {
  test.each(['Authorization', 'X-Api-Key', 'x_y'])('may be %s', (name) => {
    expect(checkHeaderName(name)).toBeUndefined();
  });

  test.each(['', 'a b', 'a:b', 'Host', 'content-length', 'Transfer-Encoding', '__proto__', 'ä'])(
    'may not be %j',
    (name) => {
      expect(checkHeaderName(name)).toMatch(/^must /);
    },
  );

  test.each([
    ['CATALOGUE_TOKEN', undefined],
    ['_x1', undefined],
    ['1X', 'must be the name of an environment variable, not a value'],
    ['Bearer abc', 'must be the name of an environment variable, not a value'],
  ])('%s as a variable', (name, words) => {
    expect(checkVariableName(name)).toBe(words);
  });
});
