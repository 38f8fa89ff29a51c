import { describe, expect, test } from 'vitest';
import { checkPath } from './check-path.js';

describe('refuses', () => {
  test.each([
    ['', 'empty'],
    ['/etc/passwd', 'absolute'],
    ['C:/Windows', 'absolute'],
    ['c:relative', 'absolute'],
    ['a\\b', 'backslash'],
    ['\\\\host\\share', 'backslash'],
    ['..', 'traversal'],
    ['a/../b', 'traversal'],
    ['./a', 'traversal'],
    ['a/.', 'traversal'],
    ['a//b', 'empty-segment'],
    ['a/', 'empty-segment'],
    ['a\0b', 'control-character'],
    ['a\nb', 'control-character'],
    ['a\u0085b', 'control-character'],
    ['a\ud800b', 'not-unicode'],
    ['x'.repeat(256), 'too-long'],
    [`${'é'.repeat(128)}`, 'too-long'],
    [`${'abcdefgh/'.repeat(500)}x`, 'too-long'],
    ['.git', 'git-directory'],
    ['.git/hooks/pre-commit', 'git-directory'],
    ['docs/.GIT/config', 'git-directory'],
    ['.git./config', 'git-directory'],
    ['.git /config', 'git-directory'],
    ['.git. . /config', 'git-directory'],
    ['.git::$INDEX_ALLOCATION/config', 'git-directory'],
    ['GIT~1/config', 'git-directory'],
    ['.g\u200cit/config', 'git-directory'],
    ['.git\ufeff/config', 'git-directory'],
    ['\u202e.git', 'git-directory'],
  ] as const)('%j as %s', (path, kind) => {
    expect(checkPath(path)?.kind).toBe(kind);
  });
});

describe('lets through', () => {
  test.each([
    'README.md',
    '.github/workflows/ci.yml',
    '.gitignore',
    '.gitattributes',
    '.git-overrides/x',
    'a.git/config',
    'git/config',
    '-rf',
    '--help.md',
    'with space/and "quotes"/it\'s.md',
    'Grüße/日本語.md',
    'x$(touch PWNED).md',
    '...',
    'a..b',
    '..a',
    '__proto__',
    'constructor',
    `${'a'.repeat(200)}/${'b'.repeat(200)}`,
  ])('%j', (path) => {
    expect(checkPath(path)).toBeUndefined();
  });
});
