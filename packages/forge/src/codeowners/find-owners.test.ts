import { describe, expect, test } from 'vitest';

import type { ForgeKind } from '../port/forge.js';
import { findOwners, ownersPlaces } from './find-owners.js';

function owners(kind: ForgeKind, text: string, ...paths: string[]): string[] {
  return findOwners({ path: ownersPlaces(kind)[0]!, text }, paths, kind);
}

describe('GitHub', () => {
  test.each([
    ['*', 'a/b/c.md', true],
    ['*.md', 'a/b/c.md', true],
    ['docs/*', 'docs/a.md', true],
    ['docs/*', 'docs/build/a.md', false],
    ['docs/*', 'x/docs/a.md', false],
    ['/docs/', 'docs/build/a.md', true],
    ['/docs/', 'docs', false],
    ['docs/', 'x/docs/deep/a.md', true],
    ['/docs', 'docs/build/a.md', true],
    ['docs/guide.md', 'docs/guide.md', true],
    ['docs/guide.md', 'x/docs/guide.md', false],
    ['guide.md', 'x/docs/guide.md', true],
    ['**/logs', 'build/x/logs/a.log', true],
    ['apps/**/*.md', 'apps/a.md', true],
    ['docs/*.md', 'docs/a.md', true],
    ['docs/a?.md', 'docs/ab.md', true],
    ['docs/\\ spaced.md', 'docs/ spaced.md', true],
    ['/build/logs/', 'x/build/logs/a', false],
  ])('%s and %s: %s', (pattern, path, matches) => {
    expect(owners('github', `${pattern} @ada`, path)).toEqual(matches ? ['ada'] : []);
  });

  test('the last matching line counts, also when it names nobody; addresses are left out', () => {
    const text =
      '* @all\n/docs/ @org/writers docs@example.com # a comment\n/docs/free.md\n!x @no\n';
    expect(owners('github', text, 'docs/a.md')).toEqual(['org/writers']);
    expect(owners('github', text, 'docs/free.md')).toEqual([]);
    expect(owners('github', text, 'src/x', 'docs/a.md')).toEqual(['all', 'org/writers']);
  });

  test('a pattern made to be slow is not', () => {
    const text = `${'*a'.repeat(2_000)} @ada`;
    expect(owners('github', text, 'a'.repeat(4_000))).toEqual(['ada']);
    expect(owners('github', `/${'**/'.repeat(900)}b @ada`, 'a/'.repeat(900) + 'c')).toEqual([]);
  });
});

describe('GitLab', () => {
  const text = [
    '# comment',
    '* @lead',
    '/docs/ @writer',
    '[Security][2] @sec',
    'secrets/',
    '*.pem @group/keys',
    '^[Style]',
    '*.css @designer',
    '[SECURITY]',
    '!*.example.pem',
    '\\#odd.md @odd',
  ].join('\n');

  test('the last matching line of each section counts', () => {
    expect(owners('gitlab', text, 'docs/a.css')).toEqual(['designer', 'writer']);
    expect(owners('gitlab', text, 'a/secrets/deep/x')).toEqual(['lead', 'sec']);
    expect(owners('gitlab', text, 'x.pem')).toEqual(['group/keys', 'lead']);
  });

  test('headings that differ in case are one section; ! takes out of it', () => {
    expect(owners('gitlab', text, 'x.example.pem')).toEqual(['lead']);
    expect(owners('gitlab', text, '#odd.md')).toEqual(['lead', 'odd']);
  });

  test.each([
    ['/docs/*', 'docs/a.md', true],
    ['/docs/*', 'docs/x/a.md', false],
    ['/docs/**/*.md', 'docs/x/a.md', true],
    ['README.md', 'x/README.md', true],
    ['internal/README.md', 'x/internal/README.md', true],
    ['/README.md', 'x/README.md', false],
    ['docs/', 'x/docs/y/z', true],
    ['a\\ b.md', 'a b.md', true],
  ])('%s and %s: %s', (pattern, path, matches) => {
    expect(owners('gitlab', `${pattern} @ada`, path)).toEqual(matches ? ['ada'] : []);
  });
});

describe('Forgejo', () => {
  test('expressions over the whole path, every matching line, ! for the others', () => {
    const text =
      'docs/.* @writer @org/docs\n.*\\.md @editor # note\n!docs/.* @coder\n( @broken\n.*\\.go\n';
    expect(owners('forgejo', text, 'docs/a.md')).toEqual(['editor', 'org/docs', 'writer']);
    expect(owners('forgejo', text, 'src/x.go')).toEqual(['coder']);
    expect(owners('forgejo', 'docs @no\n', 'docs/a.md')).toEqual([]);
  });

  test('an expression made to be slow is not', () => {
    expect(owners('forgejo', '(a+)+$ @ada', `${'a'.repeat(5_000)}b`)).toEqual([]);
  });
});

test('the embedded forge reads the file of either forge by its rules', () => {
  const text = '[Docs] @writer\n/docs/\n';
  expect(findOwners({ path: '.gitlab/CODEOWNERS', text }, ['docs/a'], 'embedded')).toEqual([
    'writer',
  ]);
  expect(findOwners({ path: 'CODEOWNERS', text }, ['docs/a'], 'embedded')).toEqual([]);
});
