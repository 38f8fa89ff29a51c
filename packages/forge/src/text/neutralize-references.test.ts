import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { neutralizeReferences } from './neutralize-references.js';

/** Shows the zero-width space as `|`. */
function show(text: string): string {
  return neutralizeReferences(text).replaceAll('\u200b', '|');
}

describe('neutralizeReferences', () => {
  test.each([
    ['@octocat', '@|octocat'],
    ['thanks @octocat, @org/team.', 'thanks @|octocat, @|org/team.'],
    ['(@a) *@b* _@c_ "@d" é@e', '(@|a) *@|b* _@|c_ "@|d" é@|e'],
    ['\\@a &#64;b &#x40;c &commat;d @&#97;b', '\\@|a &#64;|b &#x40;|c &commat;|d @|&#97;b'],
    ['`@a` in code', '`@|a` in code'],
    ['#12 and GH-3, !4', '#|12 and GH-|3, !|4'],
    ['Fixes org/repo#1', 'Fixes org/repo#|1'],
    ['closes: #4, #5 and group/project#6', 'closes: #|4, #|5 and group/project#|6'],
    ['&#35;1 &num;2', '&#35;|1 &num;|2'],
    ['Fixes https://github.com/o/r/issues/1', 'Fixes| https://github.com/o/r/issues/1'],
    ['RESOLVED:  https://example.com/i/1', 'RESOLVED|:  https://example.com/i/1'],
    ['Closes issue https://x.io/1', 'Closes| issue https://x.io/1'],
    ['implements ABC-12', 'implements| ABC-12'],
    ['text\n/merge\n  /assign @a', 'text\n/|merge\n  /|assign @|a'],
    ['https://a.b/@x/#1)@y', 'https://a.b/@x/#1)@|y'],
    ['http://@a', 'http://@|a'],
    ['xhttp://a.b/@c', 'xhttp://a.b/@|c'],
  ])('%j → %j', (text, expected) => {
    expect(show(text)).toBe(expected);
  });

  test.each([
    'joe@example.com',
    'a @ b, @, # 1, #, !',
    '# Heading\n## 2. part',
    'https://example.com/@user?q=@x#12',
    '[text](https://example.com/o/r#3)',
    '&#8212; &#x2014; &amp;',
    'fixes the build, closes the file',
    '/usr/bin and a / b',
    'https://github.com/o/r/issues/1',
  ])('%j stays', (text) => {
    expect(show(text)).toBe(text);
  });

  const piece = fc.constantFrom(
    ...[
      '@',
      '#',
      '!',
      'a',
      '1',
      ' ',
      '\n',
      '/',
      'fixes',
      'Closes',
      ':',
      'https://a.b/',
      'GH-',
      '&',
    ],
    ...[
      '&#64;',
      '&#35',
      ';',
      '.',
      '`',
      '\\',
      '(',
      ')',
      '-',
      'issue ',
      'ABC-1',
      '\u200b',
      'é',
      'o/r',
    ],
  );
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

  test('twice is once', () => {
    fc.assert(
      fc.property(text, (value) => {
        const once = neutralizeReferences(value);
        expect(neutralizeReferences(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });

  test('only zero-width spaces are added', () => {
    fc.assert(
      fc.property(text, (value) => {
        const plain = value.replaceAll('\u200b', '');
        expect(neutralizeReferences(plain).replaceAll('\u200b', '')).toBe(plain);
      }),
    );
  });

  test.each(['@', '#', '&#0', 'https://a.', 'fixes ', ' /', '(', '&', 'GH-'])(
    'a long row of %j is no trouble',
    (unit) => {
      const { length } = neutralizeReferences(unit.repeat(200_000));
      expect(length).toBeGreaterThanOrEqual(unit.length * 200_000);
    },
  );
});
