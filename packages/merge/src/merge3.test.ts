import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sides as anySides, splitLines, text } from '../test/arbitraries.js';
import { merge3, MergeError, type MergeOptions, type WhitespaceMode } from './index.js';

const encode = (content: string): Uint8Array => new TextEncoder().encode(content);

describe('merge3', () => {
  test('takes what each side changed', () => {
    const sides = {
      base: 'one\ntwo\nthree\nfour\n',
      ours: 'ONE\ntwo\nthree\nfour\n',
      theirs: 'one\ntwo\nfour\nfive\n',
    };
    expect(merge3(sides)).toEqual({ kind: 'clean', content: 'ONE\ntwo\nfour\nfive\n' });
  });

  const conflicting = {
    base: 'a\nb\nc\nd\ne\n',
    ours: 'a\nsame\nours\nd\ne\n',
    theirs: 'a\nsame\ntheirs\nd\ne\n',
  };

  test.each<[MergeOptions, string]>([
    [{}, 'a\nsame\n<<<<<<< ours\nours\n=======\ntheirs\n>>>>>>> theirs\nd\ne\n'],
    [
      { style: 'diff3' },
      'a\n<<<<<<< ours\nsame\nours\n||||||| base\nb\nc\n=======\nsame\ntheirs\n>>>>>>> theirs\nd\ne\n',
    ],
    [
      { style: 'zdiff3', labels: { ours: 'here', base: '', theirs: 'v2' } },
      'a\nsame\n<<<<<<< here\nours\n|||||||\nb\nc\n=======\ntheirs\n>>>>>>> v2\nd\ne\n',
    ],
    [
      { markerSize: 3, labels: { ours: '' } },
      'a\nsame\n<<<\nours\n===\ntheirs\n>>> theirs\nd\ne\n',
    ],
    [{ favor: 'ours' }, conflicting.ours],
    [{ favor: 'theirs' }, conflicting.theirs],
    [{ favor: 'union' }, 'a\nsame\nours\ntheirs\nd\ne\n'],
  ])('writes a conflict with %j', (options, expected) => {
    expect(merge3(conflicting, options).content).toBe(expected);
  });

  test('says where a conflict is, in lines from 1, the end excluded', () => {
    expect(merge3(conflicting)).toMatchObject({
      kind: 'conflicted',
      markerSize: 7,
      conflicts: [
        {
          base: { start: 2, end: 4 },
          ours: { start: 3, end: 4 },
          theirs: { start: 3, end: 4 },
          output: { start: 3, end: 8 },
        },
      ],
    });
  });

  test('grows the markers past what the texts hold', () => {
    const legitimate = '<<<<<<< HEAD\n=======\n>>>>>>>> eight\n';
    const merged = merge3({
      base: `${legitimate}x\n`,
      ours: `${legitimate}y\n`,
      theirs: `${legitimate}z\n`,
    });
    expect(merged).toMatchObject({
      markerSize: 9,
      content: `${legitimate}<<<<<<<<< ours\ny\n=========\nz\n>>>>>>>>> theirs\n`,
    });
  });

  describe('when the sides differ in conventions', () => {
    const lf = 'one\ntwo\nthree\n';
    const crlf = 'one\r\ntwo\r\nthree\r\n';
    test.each([
      ['theirs in CRLF', lf, 'one\ntwo\nTHREE\n', 'ONE\r\ntwo\r\nthree\r\n', 'ONE\ntwo\nTHREE\n'],
      [
        'ours in CRLF',
        lf,
        'one\r\ntwo\r\nTHREE\r\n',
        'ONE\ntwo\nthree\n',
        'ONE\r\ntwo\r\nTHREE\r\n',
      ],
      ['only the base in CRLF', crlf, 'ONE\ntwo\nthree\n', 'one\ntwo\n3\n', 'ONE\ntwo\n3\n'],
      ['ours only converted', lf, crlf, 'one\ntwo\nthree\nfour\n', `${crlf}four\r\n`],
      ['theirs only converted', lf, 'one\n2\nthree\n', crlf, 'one\n2\nthree\n'],
      ['a mark in theirs', lf, 'ONE\ntwo\nthree\n', '\ufeffone\ntwo\n3\n', 'ONE\ntwo\n3\n'],
      ['a mark in ours', lf, '\ufeffone\ntwo\n3\n', 'ONE\ntwo\nthree\n', '\ufeffONE\ntwo\n3\n'],
      ['no end in ours', 'a\nx\nb\n', 'a\nx\nB', 'A\nx\nb\n', 'A\nx\nB'],
      ['no end in the base', 'a\nb', 'a\nb\nc\n', 'A\nb\n', 'A\nb\nc\n'],
      ['no end in theirs', 'a\nb\n', 'a\nb\nc\n', 'A\nb', 'A\nb\nc\n'],
    ])('%s: ours are kept', (_, base, ours, theirs, expected) => {
      expect(merge3({ base, ours, theirs })).toEqual({ kind: 'clean', content: expected });
      expect(merge3({ base: encode(base), ours: encode(ours), theirs: encode(theirs) })).toEqual({
        kind: 'clean',
        content: encode(expected),
      });
    });

    test('a true conflict stays as small as it is', () => {
      const merged = merge3({
        base: lf,
        ours: 'one\nours\nthree\n',
        theirs: 'one\r\ntheirs\r\nthree\r\n',
      });
      expect(merged.content).toBe(
        'one\n<<<<<<< ours\nours\n=======\ntheirs\n>>>>>>> theirs\nthree\n',
      );
    });

    test('they are a difference like any other on demand', () => {
      const sides = { base: lf, ours: 'one\nTWO\nthree\n', theirs: crlf };
      expect(merge3(sides, { conventions: 'exact' }).kind).toBe('conflicted');
    });
  });

  test.each<[WhitespaceMode, string, string]>([
    ['ignore-at-eol', 'a  \nb\n', 'a  \nB\n'],
    ['ignore-change', '  a   z\nb\n', '  a   z\nB\n'],
    ['ignore-all', 'a\n b\n', 'a\nB\n'],
  ])('keeps ours where lines count as equal: %s', (whitespace, ours, expected) => {
    const base = ours.replaceAll(/ +/g, whitespace === 'ignore-all' ? '' : ' ').replace(/ $/m, '');
    expect(merge3({ base, ours, theirs: base.replace('b', 'B') }, { whitespace })).toEqual({
      kind: 'clean',
      content: expected,
    });
  });

  describe('of what is no text', () => {
    const binary = Uint8Array.of(1, 0, 2);
    const other = Uint8Array.of(1, 0, 3);
    const invalid = Uint8Array.of(0x61, 0xff, 0x0a);

    test('keeps ours and says so when both sides changed', () => {
      expect(merge3({ base: encode('a'), ours: binary, theirs: other })).toEqual({
        kind: 'binary',
        content: binary,
      });
    });

    test('merges lines of any bytes, as git does, unless only UTF-8 is to count as text', () => {
      const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
      const sides = {
        base: latin1('caf\xe9\nth\xe9\nlait\neau\n'),
        ours: latin1('CAF\xc9\nth\xe9\nlait\neau\n'),
        theirs: latin1('caf\xe9\nth\xe9\nlait\nEAU \xe0\n'),
      };
      const content = latin1('CAF\xc9\nth\xe9\nlait\nEAU \xe0\n');
      expect(merge3(sides)).toEqual({ kind: 'clean', content });
      expect(merge3(sides, { encoding: 'bytes' })).toEqual({ kind: 'clean', content });
      expect(merge3(sides, { encoding: 'utf-8' })).toEqual({ kind: 'binary', content: sides.ours });
    });

    test('takes the side that changed, or the one that is favoured', () => {
      expect(merge3({ base: binary, ours: binary, theirs: other }).content).toBe(other);
      expect(merge3({ base: binary, ours: other, theirs: binary }).content).toBe(other);
      const sides = { base: invalid, ours: binary, theirs: other };
      expect(merge3(sides, { favor: 'theirs' })).toEqual({ kind: 'clean', content: other });
      expect(merge3(sides, { favor: 'union' }).kind).toBe('binary');
    });
  });

  test('keeps lone surrogates in strings', () => {
    const merged = merge3({
      base: 'a\ud800\nb\n',
      ours: 'a\ud800\nB\udc00\n',
      theirs: 'ü\na\ud800\nb\n',
    });
    expect(merged).toEqual({ kind: 'clean', content: 'ü\na\ud800\nB\udc00\n' });
  });

  test.each<[MergeOptions, string]>([
    [{ markerSize: 0 }, 'markerSize must be a positive integer, got 0'],
    [{ labels: { ours: 'a\nb' } }, 'labels.ours must be one line, got "a\\nb"'],
    [{ style: 'diff4' as 'diff3' }, `style must be 'merge', 'diff3' or 'zdiff3', got "diff4"`],
    [{ favor: 'mine' as 'ours' }, `favor must be 'ours', 'theirs' or 'union', got "mine"`],
    [{ encoding: 'latin1' as 'bytes' }, `encoding must be 'bytes' or 'utf-8', got "latin1"`],
    [{ labels: 'ours' as unknown as object }, 'labels must be an object, got "ours"'],
    ['ours' as unknown as object, 'options must be an object, got "ours"'],
  ])('refuses %j', (options, message) => {
    const run = (): unknown => merge3({ base: '', ours: 'a', theirs: 'b' }, options);
    expect(run).toThrow(MergeError);
    expect(run).toThrow(message);
  });
});

describe('laws', () => {
  const options = fc.record<MergeOptions>({
    style: fc.constantFrom('merge', 'diff3', 'zdiff3'),
    algorithm: fc.constantFrom('myers', 'histogram'),
    conventions: fc.constantFrom('ours', 'exact'),
  });

  test('a side equal to the base yields the other', () => {
    fc.assert(
      fc.property(text, text, options, (base, other, chosen) => {
        expect(merge3({ base, ours: base, theirs: other }, chosen).content).toBe(other);
        expect(merge3({ base, ours: other, theirs: base }, chosen).content).toBe(other);
        expect(merge3({ base, ours: other, theirs: other }, chosen).content).toBe(other);
      }),
    );
  });

  test('the sides can change places', () => {
    fc.assert(
      fc.property(anySides, ({ base, ours, theirs }) => {
        const exact = { style: 'diff3', conventions: 'exact', markerSize: 9 } as const;
        const one = merge3({ base, ours, theirs }, exact);
        const two = merge3({ base, ours: theirs, theirs: ours }, exact);
        if (one.kind !== 'conflicted' || two.kind !== 'conflicted') {
          expect(two).toEqual(one);
          return;
        }
        expect(
          two.conflicts.map((conflict) => ({
            ...conflict,
            ours: conflict.theirs,
            theirs: conflict.ours,
          })),
        ).toEqual(one.conflicts);
      }),
    );
  });

  test('the ranges of conflicts reproduce the output', () => {
    fc.assert(
      fc.property(anySides, options, (sides, chosen) => {
        const merged = merge3(sides, { ...chosen, conventions: 'exact' });
        if (merged.kind !== 'conflicted') return;
        const output = splitLines(merged.content).map(stripEnding);
        const lines = (side: keyof typeof sides, { start, end }: { start: number; end: number }) =>
          splitLines(sides[side])
            .slice(start - 1, end - 1)
            .map(stripEnding);
        const marker = (character: string, label: string): string =>
          `${character.repeat(merged.markerSize)}${label && ` ${label}`}`;
        for (const { base, ours, theirs, output: span } of merged.conflicts) {
          const withBase =
            chosen.style === 'merge' ? [] : [marker('|', 'base'), ...lines('base', base)];
          expect(output.slice(span.start - 1, span.end - 1)).toEqual([
            marker('<', 'ours'),
            ...lines('ours', ours),
            ...withBase,
            marker('=', ''),
            ...lines('theirs', theirs),
            marker('>', 'theirs'),
          ]);
        }
      }),
    );
  });

  test('a merge of edits apart from each other holds both', () => {
    const edit = fc.record({
      at: fc.nat({ max: 9 }),
      lines: fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(edit, edit, (first, second) => {
        const base = Array.from({ length: 30 }, (_, at) => `line ${at}`);
        const apply = (
          lines: readonly string[],
          at: number,
          inserted: readonly string[],
        ): string[] => lines.toSpliced(at, 1, ...inserted);
        const join = (lines: readonly string[]): string =>
          lines.map((line) => `${line}\n`).join('');
        const merged = merge3({
          base: join(base),
          ours: join(apply(base, first.at, first.lines)),
          theirs: join(apply(base, second.at + 15, second.lines)),
        });
        const expected = join(
          apply(apply(base, second.at + 15, second.lines), first.at, first.lines),
        );
        expect(merged).toEqual({ kind: 'clean', content: expected });
      }),
    );
  });

  test('bytes and strings merge alike', () => {
    fc.assert(
      fc.property(anySides, options, ({ base, ours, theirs }, chosen) => {
        const bytes = merge3(
          { base: encode(base), ours: encode(ours), theirs: encode(theirs) },
          chosen,
        );
        const content = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.content);
        expect(merge3({ base, ours, theirs }, chosen)).toEqual({ ...bytes, content });
      }),
    );
  });
});

function stripEnding(line: string): string {
  return line.replace(/\r?\n$/, '');
}
