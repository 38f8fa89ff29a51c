import { describe, expect, test } from 'vitest';
import { mergeEntry, type EntryMerge, type FileEntry, type FileMode } from './index.js';

function file(text: string, mode: FileMode = '100644'): FileEntry {
  return { mode, content: new TextEncoder().encode(text) };
}

function textOf(entry: FileEntry | undefined): string | undefined {
  return entry && new TextDecoder().decode(entry.content);
}

/** A result with its texts as strings. */
function show(merge: EntryMerge): Record<string, unknown> {
  const { entry, kind } = merge;
  return { kind, mode: entry?.mode, text: textOf(entry) };
}

const base = file('a\nb\nc\n');
const data = (byte: number): FileEntry => ({ mode: '100644', content: Uint8Array.of(0, byte) });

describe('mergeEntry', () => {
  test.each<[string, (FileEntry | undefined)[], Record<string, unknown>]>([
    [
      'both changed apart',
      [base, file('A\nb\nc\n'), file('a\nb\nC\n')],
      { kind: 'clean', mode: '100644', text: 'A\nb\nC\n' },
    ],
    ['the same change', [base, file('x'), file('x')], { kind: 'clean', mode: '100644', text: 'x' }],
    [
      'the same lines',
      [base, file('A\nb\nc\n'), file('B\nb\nc\n')],
      {
        kind: 'conflicted',
        mode: '100644',
        text: '<<<<<<< ours\nA\n=======\nB\n>>>>>>> theirs\nb\nc\n',
      },
    ],
    [
      'added by ours',
      [undefined, base, undefined],
      { kind: 'clean', mode: '100644', text: 'a\nb\nc\n' },
    ],
    [
      'added alike',
      [undefined, file('x\n'), file('x\n')],
      { kind: 'clean', mode: '100644', text: 'x\n' },
    ],
    [
      'added differently',
      [undefined, file('x\n'), file('y\n')],
      {
        kind: 'added-by-both',
        mode: '100644',
        text: '<<<<<<< ours\nx\n=======\ny\n>>>>>>> theirs\n',
      },
    ],
    [
      'data added differently',
      [undefined, data(1), data(2)],
      { kind: 'added-by-both', mode: '100644', text: '\0\u0001' },
    ],
    [
      'deleted by theirs',
      [base, base, undefined],
      { kind: 'clean', mode: undefined, text: undefined },
    ],
    [
      'deleted by both',
      [base, undefined, undefined],
      { kind: 'clean', mode: undefined, text: undefined },
    ],
    [
      'mode by ours, lines by theirs',
      [base, file('a\nb\nc\n', '100755'), file('a\nb\nd\n')],
      { kind: 'clean', mode: '100755', text: 'a\nb\nd\n' },
    ],
    [
      'mode by theirs, lines by ours',
      [base, file('a\nb\nd\n'), file('a\nb\nc\n', '100755')],
      { kind: 'clean', mode: '100755', text: 'a\nb\nd\n' },
    ],
    [
      'modes added',
      [undefined, file('x', '100644'), file('x', '100755')],
      { kind: 'mode-conflict', mode: '100644', text: 'x' },
    ],
    [
      'a link against a file',
      [base, file('t', '120000'), file('a\n')],
      { kind: 'type-conflict', mode: '120000', text: 't' },
    ],
    [
      'a file made a link, unchanged in ours',
      [base, base, file('t', '120000')],
      { kind: 'clean', mode: '120000', text: 't' },
    ],
    [
      'two links',
      [file('s', '120000'), file('t', '120000'), file('u', '120000')],
      { kind: 'link-conflict', mode: '120000', text: 't' },
    ],
    [
      'two submodules',
      [file('1', '160000'), file('2', '160000'), file('3', '160000')],
      { kind: 'link-conflict', mode: '160000', text: '2' },
    ],
    ['data', [data(1), data(2), data(3)], { kind: 'binary', mode: '100644', text: '\0\u0002' }],
  ])('%s', (_, [base, ours, theirs], expected) => {
    expect(show(mergeEntry({ base, ours, theirs }))).toEqual(expected);
  });

  test('says who deleted what the other changed', () => {
    const changed = file('a\nb\nchanged\n');
    expect(mergeEntry({ base, ours: changed, theirs: undefined })).toEqual({
      kind: 'modified-deleted',
      entry: changed,
      deletedBy: 'theirs',
    });
    expect(mergeEntry({ base, ours: undefined, theirs: changed })).toEqual({
      kind: 'modified-deleted',
      entry: changed,
      deletedBy: 'ours',
    });
  });

  test('hands on the ids of what it cannot merge', () => {
    const ours = { ...data(2), oid: 'two' };
    const theirs = { ...data(3), oid: 'three' };
    expect(mergeEntry({ base: data(1), ours, theirs })).toEqual({
      kind: 'binary',
      entry: ours,
      theirs,
    });
  });

  test.each([
    ['modified and deleted', file('x\n'), undefined],
    ['a link against a file', file('x\n'), file('t', '120000')],
    ['data', data(1), data(2)],
  ])('a favour settles %s', (_, ours, theirs) => {
    expect(mergeEntry({ base: file('old'), ours, theirs }, { favor: 'ours' })).toMatchObject({
      kind: 'clean',
      entry: ours,
    });
    const taken = mergeEntry({ base: file('old'), ours, theirs }, { favor: 'theirs' });
    expect(taken.kind).toBe('clean');
    expect(textOf(taken.entry)).toBe(textOf(theirs));
  });

  test('a favour settles modes and leaves merged lines alone', () => {
    const sides = { base: undefined, ours: file('x\n'), theirs: file('x\ny\n', '100755') };
    expect(show(mergeEntry(sides, { favor: 'ours' }))).toMatchObject({
      kind: 'clean',
      mode: '100644',
    });
    expect(show(mergeEntry(sides, { favor: 'theirs' }))).toMatchObject({
      kind: 'clean',
      mode: '100755',
    });
  });
});
