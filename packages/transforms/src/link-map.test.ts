import { describe, expect, test } from 'vitest';
import { createLinkMap } from './link-map.js';

const links = createLinkMap({
  deliveries: [
    { source: 'core/a/X.md', target: 'docs/a/X.md' },
    { source: 'core/a/Y.md', target: 'docs/a/Y.md' },
    { source: 'core/a/Z.md', target: 'other/Z.md' },
    { source: 'core/twice.md', target: 'left/twice.md' },
    { source: 'core/twice.md', target: 'right/in/twice.md' },
  ],
  sourcePaths: [
    'core/a/X.md',
    'core/a/Y.md',
    'core/a/Z.md',
    'core/b/X.md',
    'core/twice.md',
    'core/arch/S.md',
  ],
  isInternal: (path) => path === 'core/arch' || path.startsWith('core/arch/'),
});

describe('resolve', () => {
  test.each([
    ['a delivered file', 'core/a/X.md', { kind: 'delivered', targetPath: 'docs/a/X.md' }],
    ['a file that is not', 'core/b/X.md', { kind: 'undelivered' }],
    ['no file', 'core/c/X.md', { kind: 'missing' }],
    ['an internal file', 'core/arch/S.md', { kind: 'internal' }],
    ['an internal path without a file', 'core/arch/T.md', { kind: 'internal' }],
    [
      'a folder, where most of its files are',
      'core/a',
      { kind: 'delivered', targetPath: 'docs/a' },
    ],
    ['a folder above', 'core', { kind: 'delivered', targetPath: 'docs' }],
    ['a folder of which nothing is delivered', 'core/b', { kind: 'undelivered' }],
    ['the root', '', { kind: 'undelivered' }],
    ['a name of an object’s prototype', '__proto__', { kind: 'missing' }],
  ])('%s', (_name, path, resolution) => {
    expect(links.resolve(path)).toEqual(resolution);
  });

  test('a file delivered twice is taken from nearby', () => {
    expect(links.resolve('core/twice.md', 'right/x.md')).toMatchObject({
      targetPath: 'right/in/twice.md',
    });
    expect(links.resolve('core/twice.md', 'left/x.md')).toMatchObject({
      targetPath: 'left/twice.md',
    });
    expect(links.resolve('core/twice.md', 'elsewhere.md')).toMatchObject({
      targetPath: 'left/twice.md',
    });
  });
});

test('sourceOf is the way back, for files and folders', () => {
  expect(links.sourceOf('docs/a/X.md')).toBe('core/a/X.md');
  expect(links.sourceOf('docs/a')).toBe('core/a');
  expect(links.sourceOf('docs/b')).toBeUndefined();
});

describe('the digest', () => {
  const deliveries = [
    { source: 'a', target: 'b' },
    { source: 'c', target: 'd' },
  ];
  const digest = createLinkMap({ deliveries, sourcePaths: ['a', 'c'] }).digest;

  test('does not depend on the order of deliveries and paths', () => {
    const other = createLinkMap({ deliveries: deliveries.toReversed(), sourcePaths: ['c', 'a'] });
    expect(other.digest).toBe(digest);
  });

  test.each([
    ['a delivery less', { deliveries: deliveries.slice(1), sourcePaths: ['a', 'c'] }],
    ['a path more', { deliveries, sourcePaths: ['a', 'c', 'e'] }],
    [
      'an internal path',
      { deliveries, sourcePaths: ['a', 'c'], isInternal: (path: string) => path === 'a' },
    ],
  ])('changes with %s', (_name, options) => {
    expect(createLinkMap(options).digest).not.toBe(digest);
  });
});

test('ten thousand files two thousand folders deep are mapped at once', () => {
  const deep = 'd/'.repeat(2000);
  const deliveries = Array.from({ length: 10_000 }, (_, index) => ({
    source: `core/${deep}f${index}.md`,
    target: `docs/${deep}f${index}.md`,
  }));
  const sourcePaths = deliveries.map(({ source }) => source);
  const map = createLinkMap({ deliveries, sourcePaths });
  expect(map.resolve('core/d/d')).toEqual({ kind: 'delivered', targetPath: 'docs/d/d' });
  expect(map.resolve('core')).toEqual({ kind: 'delivered', targetPath: 'docs' });
});
