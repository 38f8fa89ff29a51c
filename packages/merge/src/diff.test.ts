import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { text } from '../test/arbitraries.js';
import { randomSides } from '../test/random-sides.js';
import { applyDiff, diff, formatUnified, groupHunks, MergeError } from './index.js';

const algorithms = fc.constantFrom('myers' as const, 'histogram' as const);

describe('diff', () => {
  test('says which lines became which', () => {
    expect(diff('a\nb\nc\n', 'a\nB\nc\nd\n')).toEqual([
      { a: { start: 2, end: 3 }, b: { start: 2, end: 3 }, removed: 'b\n', inserted: 'B\n' },
      { a: { start: 4, end: 4 }, b: { start: 4, end: 5 }, removed: '', inserted: 'd\n' },
    ]);
  });

  test.each([
    ['exact', 2],
    ['ignore-at-eol', 1],
    ['ignore-change', 1],
    ['ignore-all', 0],
  ] as const)('compares white space as asked: %s', (whitespace, edits) => {
    expect(diff('a b\nkeep\nc d\n', 'ab\nkeep\nc d \n', { whitespace })).toHaveLength(edits);
  });

  test('applied to the old text gives the new one', () => {
    fc.assert(
      fc.property(text, text, algorithms, (a, b, algorithm) => {
        expect(applyDiff(a, diff(a, b, { algorithm }))).toBe(b);
        const [oldBytes, newBytes] = [a, b].map((side) => new TextEncoder().encode(side));
        const bytes = applyDiff(oldBytes!, diff(oldBytes!, newBytes!, { algorithm }));
        expect(bytes).toEqual(newBytes);
      }),
    );
  });

  test('refuses to apply to another text', () => {
    const edits = diff('a\nb\n', 'a\nc\n');
    expect(() => applyDiff('a\nx\n', edits)).toThrow(MergeError);
    expect(() => applyDiff('a\n', edits)).toThrow(/cannot apply the edit of lines 2 to 3/);
  });
});

test('groupHunks joins edits with at most twice the context between them', () => {
  const lines = Array.from({ length: 20 }, (_, at) => `${at + 1}\n`);
  const changed = lines.toSpliced(0, 1, 'x\n').toSpliced(7, 1, 'y\n').toSpliced(15, 1, 'z\n');
  const hunks = groupHunks(diff(lines.join(''), changed.join('')), { lines: 20 });
  expect(hunks.map(({ a, edits }) => [a.start, a.end, edits.length])).toEqual([
    [1, 12, 2],
    [13, 20, 1],
  ]);
});

describe('formatUnified', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'holdfast-merge-diff-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('writes what patch reads', () => {
    expect(formatUnified('a\nb\nc', 'a\nB\nc', { labels: { a: 'old', b: 'new' } })).toBe(
      '--- old\n+++ new\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n\\ No newline at end of file\n',
    );
    expect(formatUnified('', 'a\n')).toBe('--- a\n+++ b\n@@ -0,0 +1 @@\n+a\n');
    expect(formatUnified('same', 'same')).toBe('');
  });

  test('only says that data differ', () => {
    const binary = Uint8Array.of(0, 1);
    expect(formatUnified(binary, Uint8Array.of(0, 2))).toBe('Binary files a and b differ\n');
    expect(formatUnified(binary, binary)).toBe('');
  });

  test.each(['myers', 'histogram'] as const)('is what git diff writes with %s', (algorithm) => {
    for (let seed = 1; seed <= 40; seed++) {
      const { ours, theirs } = randomSides(seed);
      writeFileSync(join(directory, 'a'), ours);
      writeFileSync(join(directory, 'b'), theirs);
      const flags = ['--no-index', '--no-indent-heuristic', `--diff-algorithm=${algorithm}`];
      const { stdout } = spawnSync('git', ['diff', ...flags, 'a', 'b'], { cwd: directory });
      const expected = stdout.toString().replace(/^[^]*?(?=--- )/, '');
      const actual = formatUnified(ours, theirs, { algorithm, labels: { a: 'a/a', b: 'b/b' } });
      expect(actual, `seed ${seed}`).toBe(expected.replaceAll(/^(@@ .*? @@).*$/gm, '$1'));
    }
  });

  test('can be applied by git', () => {
    for (let seed = 100; seed < 110; seed++) {
      const { ours, theirs } = randomSides(seed);
      if (ours.length === 0 || theirs.length === 0) continue;
      const patch = formatUnified(ours, theirs, { labels: { a: 'a/f', b: 'b/f' } });
      if (patch === '') continue;
      writeFileSync(join(directory, 'f'), ours);
      execFileSync('git', ['apply', '-'], {
        cwd: directory,
        input: patch,
        stdio: ['pipe', 'ignore', 'pipe'],
      });
      expect(execFileSync('cat', ['f'], { cwd: directory })).toEqual(Buffer.from(theirs));
    }
  });
});
