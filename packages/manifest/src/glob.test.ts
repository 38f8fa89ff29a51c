import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fastGlob from 'fast-glob';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileGlob, globBase } from './glob.js';

const files = [
  'README.md',
  '.hidden.md',
  'core/a.md',
  'core/.dot/b.md',
  'core/orchestrator/PLAN.md',
  'core/orchestrator/handoff/PLAN.md',
  'core/orchestrator/handoff/plan.yaml',
  'core/arch/[x]/y.md',
  'core/arch/x/y.md',
  'n/1.md',
  'n/2.md',
  'n/9.md',
  'n/10.md',
  'n/010.md',
  'n/12.md',
  'l/a.txt',
  'l/b.txt',
  'l/z.txt',
  'with space/a b.md',
  'Grüße/ä.md',
];

const patterns = [
  '**/*.md',
  '**',
  '*',
  '*.md',
  'core/**/*.md',
  'core/**',
  './core/*.md',
  'core/*/PLAN.md',
  'core/orchestrator/{PLAN,handoff/PLAN}.md',
  'core/{a,b,orchestrator/**}',
  '**/{a,{b,z}}.{md,txt}',
  'n/{1..12}.md',
  'n/{001..012}.md',
  'n/{1..9..4}.md',
  'n/{12..9}.md',
  'l/{a..c}.txt',
  'l/[ab].txt',
  'l/[!ab].txt',
  'l/[[:alpha:]].txt',
  'n/?.md',
  'n/+([0-9]).md',
  'n/@(1|10).md',
  'n/!(1|2).md',
  'n/?(1)2.md',
  'core/arch/\\[x\\]/*.md',
  'core/arch/x/y.md',
  'with space/*',
  'Gr*/*.md',
  '**/.dot/**',
  'missing/**',
];

describe('means what fast-glob means', () => {
  const root = mkdtempSync(join(tmpdir(), 'holdfast-glob-'));
  beforeAll(() => {
    for (const file of files) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), '');
    }
  });
  afterAll(() => rmSync(root, { recursive: true }));

  test.each(patterns)('%s', (pattern) => {
    const onDisk = fastGlob
      .sync(pattern, { cwd: root, dot: true })
      .map((path) => path.replace(/^\.\//, ''));
    expect(files.filter(compileGlob(pattern)).sort()).toEqual(onDisk.sort());
  });

  test('with patterns that exclude', () => {
    const list = ['core/**', '!core/arch/**', 'n/*'];
    const ignore = ['**/*.yaml', 'n/1*'];
    const onDisk = fastGlob.sync(list, { cwd: root, dot: true, ignore });
    expect(files.filter(compileGlob(list, { ignore })).sort()).toEqual(onDisk.sort());
    expect(onDisk).toHaveLength(7);
  });
});

test('no pattern matches nothing', () => {
  expect(files.filter(compileGlob([]))).toEqual([]);
});

test.each([
  ['core/orchestrator/**/*.md', 'core/orchestrator/'],
  ['core/VERSION', 'core/'],
  ['README.md', ''],
  ['**', ''],
  ['./core/*.md', 'core/'],
  ['core/{a,b}/**', 'core/'],
  ['core/a@(b|c)/x', 'core/'],
  ['core/a[bc]/x', 'core/'],
  ['core/\\[x\\]/*.md', 'core/[x]/'],
  ['!(core)/a/b', ''],
])('the base of %s is %j', (pattern, base) => {
  expect(globBase(pattern)).toBe(base);
});

describe('refuses', () => {
  test.each([
    ['', 'must not be empty'],
    ['/core/**', 'must be relative'],
    ['C:/core', 'must be relative'],
    ['core/../x', 'must not hold .. as a name'],
    ['core/', 'must match files, not a folder: end it in /**'],
    ['core\\docs\\*', 'must use / between names, not \\'],
    ['a\nb', 'must not hold control characters'],
    ['a'.repeat(513), 'must not be longer than 512 characters'],
    ['core/[ab', 'must close its [ (or escape it: \\[)'],
    ['core/{a,b', 'must close its { (or escape it: \\{)'],
    ['core/@(a|b', 'must close its ( (or escape it: \\()'],
    ['core/a}', 'must open its } (or escape it: \\})'],
    ['core/a)', 'must open its ) (or escape it: \\))'],
    ['{a,(b})', 'must write a group as @(a|b) (or escape it: \\()'],
    ['{a,@(b})', 'must open its } (or escape it: \\})'],
    ['a|b', 'must write alternatives as {a,b} (or escape the |: \\|)'],
    ['@((?=a)+)', 'must write a group as @(a|b) (or escape it: \\()'],
    ['@(?=a)', 'must not have a ? beside a parenthesis'],
    ['@(a+)', 'must escape its + there: \\+'],
    ['[ab]+', 'must escape its + there: \\+'],
    ['{a..bb}', 'must have two numbers or two letters in a range: {1..9}'],
    ['{1..100000}', 'must not stand for more than 200 alternatives'],
    ['{a,b}'.repeat(8), 'must not stand for more than 200 alternatives'],
    ['*a*a*a*a', 'must not hold more than 3 * within a name'],
    ['+([a])+([a])+([a])+([a])', 'must not hold more than 3 * within a name'],
    ['**/a/**/b/**/c', 'must not hold more than 2 ** before its end'],
    ['+(a|aa)', 'must hold only one name or character class in a group that repeats'],
    ['*(a*)', 'must hold only one name or character class in a group that repeats'],
    ['+(+(a))', 'must hold only one name or character class in a group that repeats'],
  ])('%j', (pattern, problem) => {
    expect(() => compileGlob(pattern)).toThrow(problem);
  });

  test('with an error that names the pattern', () => {
    expect(() => compileGlob(['a', 'b', '[c'])).toThrow(
      expect.objectContaining({
        name: 'ManifestError',
        code: 'invalid-glob',
        blame: 'input',
        data: { pattern: '[c' },
      }),
    );
  });
});

test.each([
  '**/a/**/b/**',
  '*-*-*.md',
  'c\\+\\+/*.md',
  'a+b/*',
  '**/*.{md,txt,yaml,json}',
  '[]x]*',
  '[\\]x]',
])('accepts %s', (pattern) => {
  expect(() => compileGlob(pattern)).not.toThrow();
});

test.each(['docs/**', '**', 'docs/*.md', '**/*.md', 'docs/?ew?line.md', 'docs/@(new)*'])(
  '%s matches a name with a line feed, so that it can be refused instead of left out',
  (pattern) => {
    expect(compileGlob(pattern)('docs/new\nline.md')).toBe(true);
  },
);
