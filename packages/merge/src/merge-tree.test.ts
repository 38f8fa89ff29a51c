import { describe, expect, test } from 'vitest';
import {
  findRenames,
  mergeTree,
  type FileEntry,
  type TreeMergeOptions,
  type TreeOutcome,
} from './index.js';

const GUIDE = Array.from({ length: 12 }, (_, at) => `step ${at} of the guide\n`).join('');
const PLAN = Array.from({ length: 12 }, (_, at) => `part ${at} of the plan\n`).join('');

function tree(files: Record<string, string>): Map<string, FileEntry> {
  return new Map(
    Object.entries(files).map(([path, text]) => [
      path,
      { mode: '100644', content: new TextEncoder().encode(text) },
    ]),
  );
}

type Files = Record<string, string>;

/** Each outcome as its path, kind and text. */
function merge(base: Files, ours: Files, theirs: Files, options?: TreeMergeOptions): string[][] {
  const outcomes = mergeTree({ base: tree(base), ours: tree(ours), theirs: tree(theirs) }, options);
  return outcomes.map(({ path, merge }) => [path, merge.kind, textOf(merge)]);
}

function textOf(merge: TreeOutcome['merge']): string {
  const { entry } = 'result' in merge ? merge.result : merge;
  return entry === undefined ? '(none)' : new TextDecoder().decode(entry.content);
}

describe('mergeTree', () => {
  test('merges a file at the place where theirs moved it', () => {
    const ours = { 'guide.md': GUIDE.replace('step 0', 'our step'), 'plan.md': PLAN };
    const theirs = { 'docs/guide.md': GUIDE.replace('step 9', 'their step'), 'plan.md': PLAN };
    expect(merge({ 'guide.md': GUIDE, 'plan.md': PLAN }, ours, theirs)).toEqual([
      [
        'docs/guide.md',
        'clean',
        GUIDE.replace('step 0', 'our step').replace('step 9', 'their step'),
      ],
      ['plan.md', 'clean', PLAN],
    ]);
  });

  describe('a folder that one side moved', () => {
    const base = { 'docs/a.md': GUIDE, 'docs/b.md': PLAN, 'x.md': 'x\n' };
    const moved = { 'guide/a.md': GUIDE, 'guide/b.md': PLAN, 'x.md': 'x\n' };
    const places = (ours: Files, theirs: Files): string[][] =>
      merge(base, ours, theirs).map(([path = '', kind = '']) => [path, kind]);

    test('takes along what the other added to it, folders below it too', () => {
      const added = { ...base, 'docs/new.md': 'new\n', 'docs/deep/er.md': 'deep\n' };
      const expected = ['guide/a.md', 'guide/b.md', 'guide/deep/er.md', 'guide/new.md', 'x.md'];
      for (const sides of [places(added, moved), places(moved, added)]) {
        expect(sides).toEqual(expected.map((path) => [path, 'clean']));
      }
    });

    test('takes along what the other moved into it', () => {
      const big = { ...base, 'x.md': GUIDE.toUpperCase() };
      const outcomes = mergeTree({
        base: tree(big),
        ours: tree({ 'docs/a.md': GUIDE, 'docs/b.md': PLAN, 'docs/x.md': GUIDE.toUpperCase() }),
        theirs: tree({ ...moved, 'x.md': GUIDE.toUpperCase() }),
      });
      expect(outcomes.find(({ paths }) => paths.base === 'x.md')).toMatchObject({
        path: 'guide/x.md',
        paths: { ours: 'docs/x.md', theirs: 'x.md' },
        merge: { kind: 'clean' },
      });
    });

    test('takes nothing along while a file is left in it, or where it went is undecided', () => {
      const added = { ...base, 'docs/new.md': 'new\n' };
      const left = { 'guide/a.md': GUIDE, 'docs/b.md': PLAN, 'x.md': 'x\n' };
      expect(places(added, left)).toContainEqual(['docs/new.md', 'clean']);
      const split = { 'one/a.md': GUIDE, 'two/b.md': PLAN, 'x.md': 'x\n' };
      expect(places(added, split)).toContainEqual(['docs/new.md', 'clean']);
    });

    test('takes nothing along where moves are not looked for', () => {
      const added = { ...base, 'docs/new.md': 'new\n' };
      const outcomes = merge(base, added, moved, { renames: false });
      expect(outcomes.map(([path]) => path)).toContain('docs/new.md');
    });

    test('says where another file stands there already', () => {
      const outcomes = mergeTree({
        base: tree(base),
        ours: tree({ ...base, 'docs/new.md': 'ours\n' }),
        theirs: tree({ ...moved, 'guide/new.md': 'theirs\n' }),
      });
      const kinds = outcomes.filter(({ path }) => path === 'guide/new.md');
      expect(kinds.map(({ merge }) => merge.kind)).toEqual(['path-collision', 'path-collision']);
    });
  });

  test('merges a file at the place where ours moved it, and says where it was', () => {
    const outcomes = mergeTree({
      base: tree({ a: GUIDE }),
      ours: tree({ b: GUIDE }),
      theirs: tree({ a: GUIDE.replace('step 1', 'their step') }),
    });
    expect(outcomes).toMatchObject([
      { path: 'b', paths: { base: 'a', ours: 'b', theirs: 'a' }, merge: { kind: 'clean' } },
    ]);
    expect(textOf(outcomes[0]!.merge)).toContain('their step');
  });

  test.each<[string, Files, Files, Files, string[][]]>([
    ['moved alike', { a: GUIDE }, { b: GUIDE }, { b: GUIDE }, [['b', 'clean', GUIDE]]],
    ['moved apart', { a: GUIDE }, { b: GUIDE }, { c: GUIDE }, [['b', 'moved-apart', GUIDE]]],
    ['moved and deleted', { a: GUIDE }, { b: GUIDE }, {}, [['b', 'modified-deleted', GUIDE]]],
    ['changed and deleted', { a: GUIDE }, { a: 'new' }, {}, [['a', 'modified-deleted', 'new']]],
    [
      'added by each',
      {},
      { a: 'A' },
      { b: 'B' },
      [
        ['a', 'clean', 'A'],
        ['b', 'clean', 'B'],
      ],
    ],
    [
      'deleted by one',
      { a: GUIDE, b: PLAN },
      { a: GUIDE },
      { a: GUIDE, b: PLAN },
      [
        ['a', 'clean', GUIDE],
        ['b', 'clean', '(none)'],
      ],
    ],
    [
      'moved onto an addition',
      { a: GUIDE },
      { a: GUIDE, b: PLAN },
      { b: GUIDE },
      [
        ['b', 'path-collision', PLAN],
        ['b', 'path-collision', GUIDE],
      ],
    ],
    [
      'a file where a folder is',
      { x: PLAN },
      { x: PLAN, a: 'A' },
      { x: PLAN, 'a/b': 'B' },
      [
        ['a', 'path-collision', 'A'],
        ['a/b', 'path-collision', 'B'],
        ['x', 'clean', PLAN],
      ],
    ],
    [
      'a folder made a file',
      { 'a/b': PLAN },
      { 'a/b': PLAN },
      { a: 'file' },
      [
        ['a', 'clean', 'file'],
        ['a/b', 'clean', '(none)'],
      ],
    ],
    [
      'a file deleted, its name used again',
      { a: GUIDE },
      { a: GUIDE },
      { a: PLAN, b: GUIDE },
      [
        ['a', 'clean', PLAN],
        ['b', 'clean', GUIDE],
      ],
    ],
  ])('%s', (_, base, ours, theirs, expected) => {
    expect(merge(base, ours, theirs)).toEqual(expected);
  });

  test('names what a file collides with', () => {
    const outcomes = mergeTree({
      base: tree({ a: GUIDE }),
      ours: tree({ a: GUIDE, b: PLAN }),
      theirs: tree({ b: GUIDE }),
    });
    expect(outcomes.map(({ merge }) => 'with' in merge && merge.with)).toEqual([['a'], ['b']]);
  });

  test('takes a move for a removal and an addition on demand', () => {
    expect(merge({ a: GUIDE }, { a: GUIDE }, { b: GUIDE }, { renames: false })).toEqual([
      ['a', 'clean', '(none)'],
      ['b', 'clean', GUIDE],
    ]);
  });
});

describe('findRenames', () => {
  test.each<[string, Files, Files, [string, string][]]>([
    [
      'an equal file before a similar one',
      { a: GUIDE },
      { b: GUIDE.replace('step 0', 'x'), c: GUIDE },
      [['a', 'c']],
    ],
    [
      'the more similar one',
      { a: GUIDE },
      { b: GUIDE.replaceAll('0', 'x'), c: GUIDE.replace('step 0', 'x') },
      [['a', 'c']],
    ],
    [
      'the same name among equals',
      { 'x/a': GUIDE, 'x/b': GUIDE },
      { 'y/b': GUIDE, 'y/c': GUIDE },
      [
        ['x/b', 'y/b'],
        ['x/a', 'y/c'],
      ],
    ],
    ['none half as similar', { a: GUIDE }, { b: PLAN }, []],
    ['no empty file', { a: '' }, { b: '' }, []],
    ['no file that is still there', { a: GUIDE }, { a: GUIDE, b: GUIDE }, []],
  ])('finds %s', (_, base, side, expected) => {
    expect([...findRenames(tree(base), tree(side))]).toEqual(expected);
  });

  test('only compares files of one name when there are too many', () => {
    const moved = GUIDE.replace('step 0', 'x');
    const side = tree({ 'y/a': moved, 'y/c': moved });
    const base = tree({ 'x/a': GUIDE, 'x/b': GUIDE });
    expect([...findRenames(base, side, { maxPairs: 1 })]).toEqual([['x/a', 'y/a']]);
  });
});
