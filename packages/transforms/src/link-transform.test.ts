import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileOf, textOf } from '../test/support/context.js';
import {
  createLinkMap,
  findLinks,
  createPipeline,
  type TransformContext,
  type TransformSettings,
} from './index.js';

const links = createLinkMap({
  deliveries: [
    { source: 'core/README.md', target: 'docs/index.md' },
    { source: 'core/guide/START.md', target: 'docs/guide/START.md' },
    { source: 'core/guide/more/DEEP.md', target: 'handbook/DEEP.md' },
    { source: 'core/img/a b.png', target: 'docs/img/a b.png' },
  ],
  sourcePaths: [
    'core/README.md',
    'core/guide/START.md',
    'core/guide/more/DEEP.md',
    'core/img/a b.png',
    'core/other/LOCAL.md',
    'core/arch/SECRET.md',
  ],
  isInternal: (path) => path.startsWith('core/arch/'),
});

const context: TransformContext = {
  sourcePath: 'core/guide/START.md',
  targetPath: 'docs/guide/START.md',
  variables: {},
  source: {
    name: 'org/core',
    version: 'v1.2.0',
    commit: 'c0ffee',
    url: 'https://example.org/org/core.git',
  },
  target: { repo: 'org/web', branch: 'main' },
  ruleId: 'web',
  links,
};

function run(markdown: string, transforms: TransformSettings[] = [{ strip_internal_links: true }]) {
  const file = {
    path: context.sourcePath,
    content: new TextEncoder().encode(markdown),
    mode: '100644',
  } as const;
  const result = createPipeline({ transforms }).apply(file, context);
  return result.kind === 'failed' ? result.findings : new TextDecoder().decode(result.content);
}

describe('a link to a delivered file is written relative to the new place', () => {
  test.each([
    ['inline', '[a](../README.md)', '[a](../index.md)'],
    ['with a title', '[a](../README.md "The title")', '[a](../index.md "The title")'],
    ['with a fragment', '[a](../README.md#part-1)', '[a](../index.md#part-1)'],
    ['with a query', '[a](../README.md?raw=1&x=2#p)', '[a](../index.md?raw=1&x=2#p)'],
    ['in angle brackets', '[a](<../README.md>)', '[a](<../index.md>)'],
    [
      'with escapes',
      '[a](../READ\\ME.md) [b](../\\README.md)',
      '[a](../READ\\ME.md) [b](../\\README.md)',
    ],
    ['with a character reference', '[a](&#46;./README.md#x)', '[a](../index.md#x)'],
    ['another folder', '[a](more/DEEP.md)', '[a](../../handbook/DEEP.md)'],
    ['the same relative path', '[a](./../guide/START.md)', '[a](./../guide/START.md)'],
    ['from the root', '[a](/core/README.md)', '[a](/docs/index.md)'],
    ['an image', '![a](../img/a%20b.png)', '![a](../img/a%20b.png)'],
    ['a definition', '[a] [b][a]\n\n[a]: ../README.md\n', '[a] [b][a]\n\n[a]: ../index.md\n'],
    ['HTML', '<a href="../README.md#x">a</a>', '<a href="../index.md#x">a</a>'],
    [
      'an HTML block',
      '<div>\n<a class=x href=../README.md>a</a>\n</div>',
      '<div>\n<a class=x href=../index.md>a</a>\n</div>',
    ],
    ['in a table', '| a |\n|---|\n| [a](../README.md) |', '| a |\n|---|\n| [a](../index.md) |'],
    ['in a heading', '# [a](../README.md) #', '# [a](../index.md) #'],
    ['in a list', '- [ ] [a](../README.md)', '- [ ] [a](../index.md)'],
    ['a folder', '[a](../)', '[a](../)'],
    [
      'a linked image',
      '[![a](../img/a%20b.png)](more/DEEP.md)',
      '[![a](../img/a%20b.png)](../../handbook/DEEP.md)',
    ],
    ['with CRLF', '[a](../README.md)\r\n', '[a](../index.md)\r\n'],
    ['after a byte order mark', '\ufeff[a](../README.md)', '\ufeff[a](../index.md)'],
    [
      'after front matter',
      '---\na: "[a](../README.md)"\n---\n[a](../README.md)',
      '---\na: "[a](../README.md)"\n---\n[a](../index.md)',
    ],
  ])('%s', (_name, before, after) => {
    expect(run(before)).toBe(after.replace('\ufeff', ''));
  });
});

describe('what is no link stays', () => {
  test.each([
    '`[a](../README.md)`',
    '```\n[a](../README.md)\n```',
    '    [a](../README.md)',
    '\\[a](../README.md)',
    '<!-- [a](../README.md) <a href="../README.md"> -->',
    '[a](https://example.org/README.md) <https://example.org/core/README.md>',
    '[a](#part) [b](?q) [c]() [d](mailto:a@example.org) [e](//example.org/x)',
    '[a](javascript:alert(1)) ![b](data:image/png;base64,AAAA)',
    '[a](..\\README.md) [b](C:\\x.md)',
  ])('%s', (markdown) => {
    expect(run(markdown)).toBe(markdown);
  });
});

describe('a link to what is not delivered is stripped', () => {
  test.each([
    ['inline', 'See [the *plan*](../other/LOCAL.md "x").', 'See the *plan*.'],
    ['internal', '[a](../arch/SECRET.md)', 'a'],
    ['missing', '[a](NOT-THERE.md)', 'a'],
    ['outside', '[a](../../../x.md)', 'a'],
    ['an image', '![alt *text*](../other/LOCAL.md)', 'alt *text*'],
    ['references', '[a][x] [x][] [X] ![i][x]\n\n[x]: ../other/LOCAL.md\n', 'a x X i\n\n'],
    ['a definition in a quote', '> [x]\n>\n> [x]: ../other/LOCAL.md\n', '> x\n>\n> \n'],
    ['HTML', '<a class="b" href="../other/LOCAL.md">a</a>', '<a class="b">a</a>'],
    [
      'an HTML image that has its source twice',
      '<img src="NO.png" href="NO" src="NO" alt="a">',
      'a',
    ],
    [
      'a block of HTML, whose end may make links',
      '<img src="NO.png" alt="i">\n[x](NO.md)',
      'i\n\\[x](NO.md)',
    ],
    ['an HTML image', '<img src="../other/LOCAL.md" alt="A &amp; B"/>', 'A &amp; B'],
    ['an image in a link', '[![a](../arch/x.png)](../README.md)', '[a](../index.md)'],
    ['a link around an image', '[![a](../img/a%20b.png)](../arch/x.md)', '![a](../img/a%20b.png)'],
    ['a link in an image', '![b [a](../README.md)](../arch/x.md)', 'b a'],
    ['brackets around it', '[[a](../arch/x.md)](../README.md)', '\\[a](../README.md)'],
    ['a text like a heading', '[# a](../arch/x.md)\n\n- [1. b](../arch/x.md)', '\\# a\n\n- 1\\. b'],
  ])('%s', (_name, before, after) => {
    expect(run(before)).toBe(after);
  });
});

describe('rewrite_paths', () => {
  const settings = [
    { strip_internal_links: true },
    { rewrite_paths: { from: 'core/', to: 'docs/' } },
  ];
  test.each([
    ['[a](core/README.md)', '[a](docs/README.md)'],
    ['[a](core/NEW.md#x)', '[a](docs/NEW.md#x)'],
    ['[a](/core/NEW.md)', '[a](/docs/NEW.md)'],
    ['[a](score/NEW.md)', 'a'],
    ['[a](core/arch/SECRET.md)', 'a'],
    ['[a](core/other/LOCAL.md)', 'a'],
  ])('%s becomes %s', (before, after) => {
    expect(run(before, settings)).toBe(after);
  });
});

test('after stripping, what is left are the links that were to stay, on arbitrary documents', () => {
  const atoms = [
    'a',
    ' ',
    '[',
    ']',
    '](../README.md)',
    '](../other/LOCAL.md)',
    '[x](NOPE.md)',
    '![',
    '[r]',
    '[s]',
    '[r][s]',
    '\n',
    '\n\n[r]: ../other/LOCAL.md\n\n',
    '\n\n[s]: ../README.md "t"\n\n',
    '> ',
    '- ',
    '# ',
    '`',
    '<a href="NOPE.md">',
    '<img src="NOPE.md" alt="i">',
    '| a |\n|---|\n',
    '(',
    ')',
    '!',
    '\\',
  ];
  const documents = fc
    .array(fc.constantFrom(...atoms), { maxLength: 14 })
    .map((parts) => parts.join(''));
  const pipeline = createPipeline({ transforms: [{ strip_internal_links: true }] });
  fc.assert(
    fc.property(documents, (markdown) => {
      const result = pipeline.apply(fileOf(markdown), context);
      if (result.kind === 'failed') return;
      const left = findLinks(textOf(result)).map(({ url }) => url);
      expect(left.filter((url) => /NOPE|LOCAL|\.\.\/README/.test(url))).toEqual([]);
      const stripped = result.links.filter(({ action }) => action === 'stripped').length;
      expect(left.length).toBe(findLinks(markdown).length - stripped);
    }),
    { numRuns: 1500 },
  );
});

describe('a link that is taken away leaves the structure around it as it was', () => {
  const gone = '../../nowhere.md';
  test.each([
    ['emphasis that was none', `*[bar*](${gone}) x`, String.raw`*bar\* x`],
    ['emphasis of words', `a*[foo](${gone})*b`, String.raw`a\*foo*b`],
    ['strong that was none', `**[bar**](${gone})`, String.raw`**bar\*\*`],
    ['emphasis within stays', `[*a* b](${gone})`, '*a* b'],
    ['emphasis around stays', `*see [a](${gone}) now*`, '*see a now*'],
    ['code within stays', `[\`a*b\`](${gone}) *c*`, '`a*b` *c*'],
    ['code that was none', `\`[a\`](${gone})`, `\`[a\`](${gone})`],
    ['an image that began no list', `*<img alt=" x" src="${gone}">`, String.raw`\* x`],
    [
      'a number that began no list',
      `1.<img alt=" x" src="${gone}">`,
      `1.<img alt=" x" src="${gone}">`,
    ],
  ])('%s', (_, before, after) => {
    expect(run(before)).toBe(after);
  });

  test('doubt without end is bounded: what is left of it stays', () => {
    const one = `*[bar*](${gone}) `;
    for (const text of [one.repeat(20_000), `${one}\n\n`.repeat(20_000)]) {
      expect(run(text)).toContain(one.trim());
    }
  });

  test('what cannot be taken away is kept, and reported as kept', () => {
    const file = {
      path: context.sourcePath,
      content: new TextEncoder().encode(`1.<img alt=" x" src="${gone}">\n`),
      mode: '100644',
    } as const;
    const result = createPipeline({ transforms: [{ strip_internal_links: true }] }).apply(
      file,
      context,
    );
    expect(result).toMatchObject({
      links: [{ action: 'kept' }],
      findings: [{ ruleId: 'transforms/link-missing' }, { ruleId: 'transforms/link-kept' }],
    });
  });
});

describe('links by the pages of a generated site', () => {
  const pages = createLinkMap({
    deliveries: [
      { source: 'docs/guide/start.md', target: 'handbook/guide/start.md' },
      { source: 'docs/guide/next.md', target: 'handbook/guide/next.md' },
      { source: 'docs/other/README.md', target: 'elsewhere/other/README.md' },
    ],
    sourcePaths: [
      'docs/guide/start.md',
      'docs/guide/next.md',
      'docs/guide/left.md',
      'docs/other/README.md',
      'docs/secret/plan.md',
    ],
    isInternal: (path) => path.startsWith('docs/secret/'),
  });
  const place = {
    ...context,
    sourcePath: 'docs/guide/start.md',
    targetPath: 'handbook/guide/start.md',
    links: pages,
  };
  const file = (content: string) => ({
    path: 'handbook/guide/start.md',
    content: new TextEncoder().encode(content),
    mode: '100644' as const,
  });

  test.each([
    ['a neighbour, as the page is served', '[n](../next/#part)', '[n](../next/#part)'],
    ['a neighbour, by the folder of its file', '[n](next#part)', '[n](next#part)'],
    ['a neighbour, as HTML', '[n](next.html)', '[n](next.html)'],
    ['a page that moved', '[o](../../other/#x)', '[o](../../../elsewhere/other/#x)'],
    ['a page that is not delivered', '[l](../left/)', 'l'],
    ['an internal page', '[s](../../secret/plan/)', 's'],
    ['no page at all', '[m](../missing/)', 'm'],
    ['an address below the root of the site', '[r](/guide/next/)', '[r](/guide/next/)'],
    ['what the generator fills in', '[t]({{ base }}/x)', '[t]({{ base }}/x)'],
  ])('%s', (_, written, expected) => {
    const pipeline = createPipeline({
      transforms: [{ strip_internal_links: true }],
      links: 'mkdocs',
    });
    const result = pipeline.apply(file(written), place);
    if (result.kind === 'failed') throw new Error('failed');
    expect(new TextDecoder().decode(result.content)).toBe(expected);
  });

  test('a link that was moved goes back', () => {
    const pipeline = createPipeline({
      transforms: [{ undelivered_links: 'keep' }],
      links: 'mkdocs',
    });
    const content = '[o](../../other/#x) [n](../next/) [l](../left/)\n';
    expect(pipeline.checkReverse(file(content), place).kind).toBe('reversible');
  });

  test('without the style, they lead to nothing', () => {
    const pipeline = createPipeline({ transforms: [{ strip_internal_links: true }] });
    const result = pipeline.apply(file('[n](../next/)'), place);
    expect(result.kind === 'failed' ? '' : new TextDecoder().decode(result.content)).toBe('n');
  });
});
