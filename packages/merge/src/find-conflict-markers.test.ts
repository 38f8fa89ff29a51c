import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sides as anySides } from '../test/arbitraries.js';
import { findConflictMarkers, merge3 } from './index.js';

const ABOUT_GIT = `# Conflicts
<<<<<<< HEAD
ours
=======
theirs
>>>>>>> topic
`;

describe('findConflictMarkers', () => {
  test('finds each marker with its line, size and label', () => {
    const content = 'a\n<<<<<<< ours\nb\n||||||| base\nc\n=======\nd\n>>>>>>> v2 of it\r\ne\n';
    expect(findConflictMarkers(content)).toEqual([
      { kind: 'ours', line: 2, size: 7, label: 'ours' },
      { kind: 'base', line: 4, size: 7, label: 'base' },
      { kind: 'separator', line: 6, size: 7, label: '' },
      { kind: 'theirs', line: 8, size: 7, label: 'v2 of it' },
    ]);
  });

  test.each([
    ['a heading underlined', 'Title\n=======\n\n=======\n'],
    ['marks in a line', 'see <<<<<<< ours\n'],
    ['longer words', '<<<<<<<ours\n>>>>>>>>>\tx\n'],
    ['fewer characters', '<<<<<< ours\n>>>>>> theirs\n'],
    ['a separator behind a conflict of another size', '<<<<<< a\n=======\n'],
  ])('does not take %s for one', (_, content) => {
    expect(findConflictMarkers(content)).toEqual([]);
  });

  test.each([
    ['<<<<<<< ours\nkept\n', ['ours']],
    ['kept\n>>>>>>> theirs\n', ['theirs']],
    ['kept\n||||||| base\n', ['base']],
    ['<<<<<<< ours\n=======\n', ['ours', 'separator']],
  ])('finds what is left of a conflict half resolved: %j', (content, kinds) => {
    expect(findConflictMarkers(content).map(({ kind }) => kind)).toEqual(kinds);
  });

  test('tells the markers of a merge from those that a document is about', () => {
    const labels = { ours: 'local', base: 'v1', theirs: 'v2' };
    expect(findConflictMarkers(ABOUT_GIT)).toHaveLength(3);
    expect(findConflictMarkers(ABOUT_GIT, { labels })).toEqual([]);
    expect(findConflictMarkers(ABOUT_GIT, { markerSize: 8 })).toEqual([]);
    const base = `${ABOUT_GIT}end\n`;
    const merged = merge3(
      { base, ours: base.replace('end', 'END'), theirs: base.replace('end', 'fin') },
      { labels },
    );
    expect(findConflictMarkers(merged.content, { labels }).map(({ line }) => line)).toEqual([
      7, 9, 11,
    ]);
  });

  test('finds the markers of every conflict that a merge writes, and none that it does not', () => {
    fc.assert(
      fc.property(anySides, (sides) => {
        const merged = merge3(sides, { style: 'diff3' });
        const conflicts = merged.kind === 'conflicted' ? merged.conflicts.length : 0;
        expect(findConflictMarkers(merged.content)).toHaveLength(4 * conflicts);
      }),
    );
  });
});
