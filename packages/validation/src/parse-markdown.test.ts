import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasSharedData, readRelease } from '../test/files.js';
import { parseMarkdown, readSections, type MarkdownDocument } from './parse-markdown.js';
import { createTimeLimit } from './time-limit.js';

const options = { maxDepth: 200, timeoutMs: 60_000, runWithin: createTimeLimit() };

function parse(text: string): MarkdownDocument {
  return parseMarkdown(text, options);
}

describe('links', () => {
  it.each<[string, string, string[]]>([
    ['an inline link', 'see [a](b.md#c)', ['link b.md#c']],
    ['a title and angle brackets', '[a](<b c.md> "t")', ['link b c.md']],
    ['escapes and character references', '[a](b\\_c&amp;d.md)', ['link b_c&d.md']],
    ['balanced parentheses', '[a](b(c).md)', ['link b(c).md']],
    ['an image in a link', '[![a](i.png)](b.md)', ['link b.md', 'image i.png']],
    ['a definition', '[a]: ./b.md\n\n[a] and [x][a]', ['definition ./b.md']],
    ['raw HTML', '<a href="b.md"><img src=\'i.png\'></a>', ['html b.md', 'html i.png']],
    [
      'links in headings, tables, lists, quotes',
      '# [a](1)\n\n| [b](2) |\n|--|\n\n- [c](3)\n\n> [d](4)',
      ['link 1', 'link 2', 'link 3', 'link 4'],
    ],
    ['links beside code spans', '`x` [a](b.md) `[c](d.md)`', ['link b.md']],
    ['nothing in code', '`[a](b)`\n\n```\n[a](b)\n```\n\n    [a](b)', []],
    ['nothing in comments', '<!-- <a href="b.md"> [a](c.md) -->', []],
    [
      'nothing that leads elsewhere',
      '[a](https://b.c) <https://d.e> [f](//g.h) [i](mailto:j@k.l)',
      [],
    ],
    ['nothing in front matter', '---\na: "[b](c)"\n---\n[d](e)', ['link e']],
  ])('%s', (_name, text, expected) => {
    expect(parse(text).links.map(({ kind, url }) => `${kind} ${url}`)).toEqual(expected);
  });

  it('have the places of their whole construct', () => {
    const text = 'a\n\n* [b](c.md) and ![d](e.png)\n';
    expect(parse(text).links.map(({ start, end }) => text.slice(start, end))).toEqual([
      '[b](c.md)',
      '![d](e.png)',
    ]);
  });

  it('report references that nothing defines, but not code that looks like one', () => {
    const text = '[a][missing], [b][There], x[0][one], [1][2]\n\n[there]: c.md\n';
    expect(parse(text).undefinedReferences.map(({ label }) => label)).toEqual(['missing']);
  });
});

describe('anchors', () => {
  it.each<[string, string, string[]]>([
    ['plain headings', '# A b\n## C: d & e!', ['a-b', 'c-d--e']],
    ['repeated headings', '# A\n# A\n# A-1', ['a', 'a-1', 'a-1-1']],
    ['markup', '# `a_b` **c** _d_ [e](f.md)', ['a_b-c-d-e']],
    ['references', '# [a][b]\n\n[b]: c.md', ['a']],
    ['setext headings', 'A b\n===\n\nC\n---', ['a-b', 'c']],
    ['headings in lists and quotes', '- # A\n\n> ## B', ['a', 'b']],
    ['explicit ids', '<a name="x"></a>\n\n<div id=\'y\'>', ['x', 'y']],
    ['other scripts', '# Überblick 日本', ['überblick-日本']],
    ['no headings in code', '```\n# A\n```', []],
  ])('%s', (_name, text, expected) => {
    expect([...parse(text).anchors]).toEqual(expected);
  });
});

describe('blocks', () => {
  it('lose the indentation of what they stand in', () => {
    const text =
      '```JSON title\n{}\n```\n\n- a\n\n  ~~~yaml\n  b: 1\n    c\n  ~~~\n\n> ```yml\n> d: 2\n> ```\n\n   ```json\n    1\n   ```\n';
    expect(parse(text).blocks.map(({ language, content }) => [language, content])).toEqual([
      ['json', '{}'],
      ['yaml', 'b: 1\n  c'],
      ['yml', 'd: 2'],
      ['json', ' 1'],
    ]);
  });
});

it('refuses quotes and lists that nest too deeply', () => {
  expect(() => parse(`${'> '.repeat(10_000)}<a id="b">`)).toThrow('nest deeper than 200 levels');
});

describe('reading by sections gives what micromark gives for the whole', () => {
  const lines = fc.constantFrom(
    ...[
      '# H',
      '## A b',
      '### `c` _d_',
      '```',
      '```json',
      '~~~',
      '   ```yaml',
      '  ```',
      '- a',
      '  - b [m](n.md)',
      '1. x',
      '2. y',
      '10) z',
    ],
    ...[
      '   text',
      '    code [o](p.md)',
      'para [l](rel.md)',
      '[d]: ./x.md',
      '  [d2]: y.md',
      '> q',
      '> ```',
      '> - n [k](j.md)',
      '![i](p.png) `x`',
    ],
    ...[
      '<div>',
      '</div>',
      '<!-- c',
      '-->',
      '<!-->',
      '<pre>',
      '</pre>',
      '<a id="z">',
      'text <b href="q">',
      '<?php',
      '?>',
      '<!X',
      '  <!-- x',
      '    <!--',
    ],
    ...[
      '***',
      '---',
      '===',
      '* * *',
      '-',
      '',
      '',
      '',
      ' ',
      '{"a":1}',
      '| a | [t](u.md) |',
      '| - | - |',
      '\ttab',
      '-\t[t](u.md)',
      '   # not',
    ],
    ...[
      '[^1]: foo [k](l.md)',
      'a `b` [c](d.md) `e`',
      '`open [c](d.md)',
      'x[0] [c](d.md)',
      '**[b](c.md)** [e](f.md "t")',
      'www.a.b[c](d)',
      '\\[a](b) [c](d)',
    ],
    ...[
      '- [ ] [a](b)',
      '[a](b c)',
      '[a\n](b)',
      '![[a](b)](c)',
      '[a]()',
      '[^1](x.md)',
      '[a][b] [c](d.md)',
      '[a][d] and [undefined][nope] [c](d.md)',
      'a [x] [ ] [d] [c](d.md)',
      '[x [d] y](e.md)',
      '[d]: <a b> "t"',
      '[d3]: z.md "title"',
      '[D4]:  w.md#f  ',
      '[a](b)[c](d)',
      '&amp; [a](b&amp;c)',
      '@x [a](b)',
    ],
  );
  const ending = fc.constantFrom('\n', '\r\n');

  /** Fences that are never closed end differently in empty lines, which mean nothing. */
  function plain({ anchors, blocks, ...rest }: MarkdownDocument): unknown {
    const trimmed = blocks.map(({ language, content, start }) => ({
      language,
      content: content.trimEnd(),
      start,
    }));
    return { ...rest, anchors: [...anchors], blocks: trimmed };
  }

  function expectSame(text: string): void {
    const whole = readSections(text, [{ kind: 'blocks', start: 0, end: text.length }], options);
    expect(plain(parse(text))).toEqual(plain(whole));
  }

  it('on documents made of awkward lines', () => {
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 14 }), ending, (parts, end) => {
        const text = parts.join(end);
        fc.pre(!/^---[ \t]*\r?\n/.test(text));
        expectSame(text);
      }),
      { numRuns: 1000 },
    );
  });

  it('on the real documents', () => {
    if (!hasSharedData) return;
    for (const { path, content } of readRelease('v2.5.0')) {
      const text = new TextDecoder().decode(content);
      if (/\.mdc?$/.test(path) && !text.startsWith('---')) expectSame(text);
    }
  });
});
