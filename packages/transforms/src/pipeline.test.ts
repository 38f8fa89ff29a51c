import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contextFor, fileOf, textOf } from '../test/support/context.js';
import {
  createLinkMap,
  createPipeline,
  type PipelineSettings,
  type TransformSettings,
} from './index.js';

const links = createLinkMap({
  deliveries: [
    { source: 'core/README.md', target: 'docs/index.md' },
    { source: 'core/guide/START.md', target: 'docs/guide/START.md' },
  ],
  sourcePaths: ['core/README.md', 'core/guide/START.md', 'core/guide/OTHER.md'],
});

function apply(text: string, settings: PipelineSettings, path = 'core/guide/START.md') {
  return createPipeline(settings).apply(
    fileOf(text, path),
    contextFor({ sourcePath: path, links }),
  );
}

function textAfter(text: string, transforms: TransformSettings[], path?: string): string {
  const result = apply(text, { transforms, namespace: 'agent33' }, path);
  return result.kind === 'failed' ? JSON.stringify(result.findings) : textOf(result);
}

describe('an identity pipeline', () => {
  const pipeline = createPipeline({
    strategy: 'copy',
    transforms: [{ rename: { from: 'a.md', to: 'b.md' } }],
  });

  test('says so, and gives back the very same bytes, which it does not look at', () => {
    expect(pipeline.isIdentity).toBe(true);
    const file = fileOf('\ufeffa\r\nb');
    const result = pipeline.apply(file, contextFor());
    expect(result).toMatchObject({ kind: 'unchanged', applied: [], edits: [], findings: [] });
    expect(result.kind === 'unchanged' && result.content).toBe(file.content);
  });

  test('is keyed by the object id alone', () => {
    expect(pipeline.memoKey('oid', contextFor())).toBe('oid');
  });

  test('still renames', () => {
    expect(pipeline.mapPath('docs/a.md')).toBe('docs/b.md');
  });
});

describe('what is no text passes through', () => {
  const pipeline = createPipeline({
    transforms: [{ header: true }, { strip_internal_links: true }],
  });
  test.each([
    [
      'bytes that are not UTF-8',
      { ...fileOf(''), content: new Uint8Array([0xff, 0xfe, 0x41, 0]) },
      'not-utf8',
    ],
    ['a symbolic link', { ...fileOf('../x'), mode: '120000' as const }, 'not-a-regular-file'],
    ['a submodule', { ...fileOf(''), mode: '160000' as const }, 'not-a-regular-file'],
    ['33 MB', { ...fileOf(''), content: new Uint8Array(33 * 2 ** 20) }, 'too-large'],
  ])('%s', (_name, file, reason) => {
    const result = pipeline.apply(file, contextFor());
    expect(result).toMatchObject({
      kind: 'unchanged',
      notApplied: [
        { name: 'header', reason },
        { name: 'links', reason },
      ],
    });
    expect(result.kind === 'unchanged' && result.content).toBe(file.content);
  });
});

describe('transforms run in the order of the rule, those of links as one', () => {
  test('describe', () => {
    const pipeline = createPipeline({
      transforms: [
        { header: true },
        { strip_internal_links: true },
        {
          rewrite_paths: [
            { from: 'core/', to: 'docs/' },
            { from: 'x', to: 'y', in: ['text'] },
          ],
        },
        { version_tag: { place: 'header' } },
        { replace: { literal: 'a', with: 'b' } },
        { rename: { from: 'README.md', to: 'index.md' } },
      ],
    });
    expect(pipeline.describe()).toMatchInlineSnapshot(`
      [
        "header: a notice at the top of each file that has comments",
        "links: follow what is delivered, core/ written as docs/; to undelivered files: removed and their text kept; to internal files: removed and their text kept",
        "rewrite_paths: core/ to docs/ in code spans, x to y in text",
        "version_tag: holdfast_version in a comment",
        "replace: "a" by "b"",
        "rename: README.md to index.md",
      ]
    `);
  });

  test('findings and links have their places in the source, also after an earlier step moved them', () => {
    const result = apply('# T\n\n[a](NOPE.md) [b](OTHER.md)', {
      transforms: [{ header: true }, { strip_internal_links: true }],
    });
    if (result.kind === 'failed') throw new Error('failed');
    expect(result.findings).toMatchInlineSnapshot(`
      [
        {
          "data": {
            "url": "NOPE.md",
          },
          "message": "NOPE.md leads to core/guide/NOPE.md, which the source does not have",
          "path": "core/guide/START.md",
          "range": {
            "end": {
              "column": 13,
              "line": 3,
            },
            "start": {
              "column": 1,
              "line": 3,
            },
          },
          "ruleId": "transforms/link-missing",
          "severity": "warning",
        },
      ]
    `);
    expect(result.links).toMatchInlineSnapshot(`
      [
        {
          "action": "stripped",
          "end": 17,
          "range": {
            "end": {
              "column": 13,
              "line": 3,
            },
            "start": {
              "column": 1,
              "line": 3,
            },
          },
          "reason": "missing",
          "sourcePath": "core/guide/NOPE.md",
          "start": 5,
          "url": "NOPE.md",
        },
        {
          "action": "stripped",
          "end": 31,
          "range": {
            "end": {
              "column": 27,
              "line": 3,
            },
            "start": {
              "column": 14,
              "line": 3,
            },
          },
          "reason": "undelivered",
          "sourcePath": "core/guide/OTHER.md",
          "start": 18,
          "url": "OTHER.md",
        },
      ]
    `);
  });
});

describe('rewrite_paths', () => {
  const both = [{ rewrite_paths: { from: 'core/', to: 'docs/agent33/' } }];
  const text = [{ rewrite_paths: { from: 'core/', to: 'docs/', in: ['text' as const] } }];
  test.each([
    ['a code span that is a path', '`core/a/X.md`', '`docs/agent33/a/X.md`'],
    [
      'with a lead',
      '`./core/a` `/core/b` ``core/`c``',
      '`./docs/agent33/a` `/docs/agent33/b` ``core/`c``',
    ],
    ['a pattern', '`core/**/*.md`', '`docs/agent33/**/*.md`'],
    ['not another path', '`score/a` `x/core/a` `core`', '`score/a` `x/core/a` `core`'],
    ['not a command', '`cat core/a.md`', '`cat core/a.md`'],
    ['not in code blocks', '```\ncore/a\n```\n\n    core/b', '```\ncore/a\n```\n\n    core/b'],
    ['not in text', 'see core/a.md', 'see core/a.md'],
  ])('%s', (_name, before, after) => {
    expect(textAfter(before, both)).toBe(after);
  });

  test.each([
    [
      'in text if asked',
      'See core/a (core/b), score/core/c, core/.',
      'See docs/a (docs/b), score/core/c, docs/.',
    ],
    [
      'not in links, code and HTML',
      '[core/a](core/b) `core/c` <i title="core/d">',
      '[docs/a](core/b) `core/c` <i title="core/d">',
    ],
    ['not in addresses', 'https://x.org/core/a a@core/b', 'https://x.org/core/a a@core/b'],
  ])('%s', (_name, before, after) => {
    expect(textAfter(before, text)).toBe(after);
  });

  test('the text of other files, if asked', () => {
    expect(textAfter('path: core/x\n', text, 'core/a.yml')).toBe('path: docs/x\n');
    expect(apply('path: core/x\n', { transforms: both }, 'core/a.yml')).toMatchObject({
      kind: 'unchanged',
      notApplied: [{ name: 'links' }, { name: 'rewrite_paths', reason: 'not-markdown' }],
    });
  });
});

describe('header and version_tag', () => {
  const header = [{ header: { text: 'from {source} {path}\nby {rule}, {namespace}' } }];
  test.each([
    [
      'Markdown',
      'core/a.md',
      '# A\n',
      '<!--\nfrom org/core core/a.md\nby web-docs, agent33\n-->\n# A\n',
    ],
    [
      'below front matter',
      'core/a.md',
      '---\na: 1\n---\n# A\n',
      '---\na: 1\n---\n<!--\nfrom org/core core/a.md\nby web-docs, agent33\n-->\n# A\n',
    ],
    [
      'below #!',
      'core/a.sh',
      '#!/bin/sh\r\nls\r\n',
      '#!/bin/sh\r\n# from org/core core/a.sh\r\n# by web-docs, agent33\r\nls\r\n',
    ],
    [
      'after a byte order mark',
      'core/a.yml',
      '\ufeffa: 1',
      '\ufeff# from org/core core/a.yml\n# by web-docs, agent33\na: 1',
    ],
    ['never in JSON', 'core/a.json', '{}', '{}'],
  ])('header: %s', (_name, path, before, after) => {
    expect(textAfter(before, header, path)).toBe(after);
  });

  test('header: what would end the comment is broken up', () => {
    expect(textAfter('', [{ header: { text: 'a --> b' } }])).toBe('<!-- a - -> b -->\n');
  });

  test.each([
    ['a new front matter', '# A\r\n', '---\r\nagent33_version: v1.2.0\r\n---\r\n# A\r\n'],
    [
      'a new key',
      '---\na: 1 # c\n---\n# A\n',
      '---\na: 1 # c\nagent33_version: v1.2.0\n---\n# A\n',
    ],
    [
      'a known key',
      '---\nagent33_version: "v1.0.0" # c\nb: [ 1,2 ]\n---\n',
      '---\nagent33_version: v1.2.0 # c\nb: [ 1,2 ]\n---\n',
    ],
    ['an empty front matter', '---\n---\na', '---\nagent33_version: v1.2.0\n---\na'],
    [
      'no front matter, a break',
      '---\n\na\n\n---\n',
      '---\nagent33_version: v1.2.0\n---\n---\n\na\n\n---\n',
    ],
    ['damaged YAML', '---\na: [\n---\n', '---\na: [\n---\n'],
  ])('version_tag: %s', (_name, before, after) => {
    expect(textAfter(before, [{ version_tag: true }])).toBe(after);
  });

  test('version_tag: a line in other files', () => {
    expect(textAfter('a: 1\n', [{ version_tag: true }], 'core/a.yml')).toBe(
      '# agent33_version: v1.2.0\na: 1\n',
    );
  });
});

describe('replace and rename', () => {
  test.each([
    [{ literal: 'a.b', with: 'c' }, 'a.b axb', 'c axb'],
    [{ pattern: '(\\w+)@(?P<host>\\w+)', with: '${host}:$1 $$' }, 'me@here', 'here:me $'],
    [{ pattern: '(?m)^x*', with: '-' }, 'xx\nb', '-\n-b'],
  ])('%j', (replace, before, after) => {
    expect(textAfter(before, [{ replace }])).toBe(after);
  });

  test.each([
    [{ from: 'README.md', to: 'index.md' }, 'docs/README.md', 'docs/index.md'],
    [{ from: 'README.md', to: 'index.md' }, 'docs/XREADME.md', 'docs/XREADME.md'],
    [{ from: 'docs/a/', to: 'docs/b/' }, 'docs/a/x.md', 'docs/b/x.md'],
    [{ from: 'docs/a.md', to: 'b.md' }, 'docs/a.md', 'b.md'],
    [{ pattern: '\\.markdown$', to: '.md' }, 'docs/a.markdown', 'docs/a.md'],
  ])('%j: %s', (rename, before, after) => {
    expect(createPipeline({ transforms: [{ rename }] }).mapPath(before)).toBe(after);
  });
});

describe('reference', () => {
  test.each([
    ['core/guide/START.md', '```\n# no\n```\n## The [plan](x.md) ##\n\ntext `a`'],
    ['core/a.json', '{ "a": 1 }'],
    ['core/a.yml', 'a: 1\r\n'],
    ['core/NOTICE', 'text'],
  ])('%s', (path, text) => {
    const result = apply(
      text,
      { strategy: 'reference', transforms: [{ strip_internal_links: true }] },
      path,
    );
    expect(result.kind === 'transformed' && textOf(result)).toMatchSnapshot();
  });

  test('a file that no stub can stand for is refused, not copied', () => {
    const file = { ...fileOf('', 'core/a.png'), content: new Uint8Array([0x89, 0xff]) };
    const pipeline = createPipeline({ strategy: 'reference' });
    expect(pipeline.refresh).toBe('source-change');
    expect(pipeline.apply(file, contextFor({ sourcePath: 'core/a.png' }))).toMatchObject({
      kind: 'failed',
      findings: [{ ruleId: 'transforms/no-stub', severity: 'error', path: 'core/a.png' }],
    });
  });
});

describe('settings that no pipeline can be made of are refused with their place', () => {
  test.each<[string, PipelineSettings, (string | number)[]]>([
    [
      'an unknown transform',
      { transforms: [{}, { nope: true } as TransformSettings] },
      ['transforms', 1, 'nope'],
    ],
    [
      'a malformed pattern',
      { transforms: [{ replace: { pattern: '(', with: '' } }] },
      ['transforms', 0, 'replace', 'pattern'],
    ],
    [
      'a back-reference',
      { transforms: [{ replace: { pattern: '(a)\\1', with: '' } }] },
      ['transforms', 0, 'replace', 'pattern'],
    ],
    [
      'a pattern that repeats too much',
      { transforms: [{ replace: [{ pattern: '((a{100}){100}){100}', with: '' }] }] },
      ['transforms', 0, 'replace', 0, 'pattern'],
    ],
    [
      'a group that is not there',
      { transforms: [{ replace: { pattern: 'a', with: '$1' } }] },
      ['transforms', 0, 'replace', 'with'],
    ],
    [
      'nothing to replace',
      { transforms: [{ replace: { with: 'a' } }] },
      ['transforms', 0, 'replace'],
    ],
    [
      'an absolute prefix',
      { transforms: [{ rewrite_paths: { from: '/core', to: 'a' } }] },
      ['transforms', 0, 'rewrite_paths', 'from'],
    ],
    [
      'half a folder',
      { transforms: [{ rename: { from: 'a/', to: 'b' } }] },
      ['transforms', 0, 'rename'],
    ],
    [
      'template settings without a template',
      { transforms: [{ template: {} }] },
      ['transforms', 0, 'template'],
    ],
    [
      'equal delimiters',
      {
        strategy: 'template',
        transforms: [{ template: { delimiters: { output: ['{%', '%}'] } } }],
      },
      ['transforms', 0, 'template', 'delimiters'],
    ],
  ])('%s', (_name, settings, keyPath) => {
    expect(() => createPipeline(settings)).toThrow(
      expect.objectContaining({ code: 'invalid-settings', blame: 'input', data: { keyPath } }),
    );
  });
});

describe('a memo key changes with what the output depends on, and with nothing else', () => {
  const base = contextFor({ links });
  const changed = {
    paths: contextFor({ links, targetPath: 'elsewhere/START.md' }),
    links: contextFor(),
    source: contextFor({ links, source: { ...base.source, url: 'https://example.org/other' } }),
    version: contextFor({ links, source: { ...base.source, version: 'v2.0.0' } }),
    commit: contextFor({ links, source: { ...base.source, commit: '2'.repeat(40) } }),
    target: contextFor({ links, target: { repo: 'org/other', branch: 'main' } }),
    rule: contextFor({ links, ruleId: 'other' }),
    variables: contextFor({ links, variables: { a: 1 } }),
  };
  test.each<[string, PipelineSettings, (keyof typeof changed)[]]>([
    ['links', { transforms: [{ strip_internal_links: true }] }, ['paths', 'links']],
    [
      'permalinks',
      { transforms: [{ undelivered_links: 'permalink' }] },
      ['paths', 'links', 'source', 'commit'],
    ],
    ['version_tag', { transforms: [{ version_tag: true }] }, ['version']],
    ['replace', { transforms: [{ replace: { literal: 'a', with: 'b' } }] }, []],
    ['header', { transforms: [{ header: true }] }, ['paths', 'source', 'rule']],
    [
      'template',
      { strategy: 'template' },
      ['paths', 'source', 'version', 'commit', 'target', 'rule', 'variables'],
    ],
    ['reference', { strategy: 'reference' }, ['paths', 'source', 'version', 'commit']],
  ])('%s', (_name, settings, parts) => {
    const pipeline = createPipeline(settings);
    const key = pipeline.memoKey('oid', base);
    const different = Object.entries(changed).filter(
      ([, context]) => pipeline.memoKey('oid', context) !== key,
    );
    expect(different.map(([part]) => part)).toEqual(parts);
    expect(pipeline.memoKey('other', base)).not.toBe(key);
    expect(
      createPipeline({
        ...settings,
        transforms: [...(settings.transforms ?? []), { replace: { literal: 'x', with: 'y' } }],
      }).memoKey('oid', base),
    ).not.toBe(key);
  });

  test('so the second of many equal targets costs nothing', () => {
    const pipeline = createPipeline({ transforms: [{ strip_internal_links: true }] });
    const results = new Map<string, unknown>();
    let applied = 0;
    for (let target = 0; target < 1000; target++) {
      const context = contextFor({ links, target: { repo: `org/web-${target}`, branch: 'main' } });
      const key = pipeline.memoKey('oid', context);
      if (results.has(key)) continue;
      applied++;
      results.set(key, pipeline.apply(fileOf('[a](../README.md)'), context));
    }
    expect(applied).toBe(1);
  });
});

describe('reverse(forward(x)) = x', () => {
  const atoms = [
    'word',
    ' ',
    '\n',
    '\n\n',
    '[a](../README.md)',
    '[a](../README.md#x "t")',
    '`core/x`',
    '# ',
    '- ',
    '\r\n',
    'core/y',
    '---\n',
    'k: v\n',
    '[r]\n\n[r]: ../README.md\n',
    'x',
    '<a href="../README.md">',
  ];
  const documents = fc
    .array(fc.constantFrom(...atoms), { maxLength: 14 })
    .map((parts) => parts.join(''));
  test.each<[string, TransformSettings]>([
    ['links', { strip_internal_links: true }],
    ['permalinks', { undelivered_links: 'permalink' }],
    [
      'rewrite_paths',
      {
        rewrite_paths: { from: 'core/', to: 'docs/agent33/', in: ['links', 'code_spans', 'text'] },
      },
    ],
    ['header', { header: true }],
    ['version_tag', { version_tag: true }],
    ['replace', { replace: { literal: 'x', with: 'zz' } }],
  ])('%s', (_name, settings) => {
    const pipeline = createPipeline({ transforms: [settings] });
    const context = contextFor({ links });
    fc.assert(
      fc.property(documents, (text) => {
        // What the result would hold without the transform, too, cannot be told from its work.
        fc.pre(!/^---[ \t]*\r?\n/.test(text) || settings.version_tag === undefined);
        const file = fileOf(text);
        const result = pipeline.apply(file, context);
        if (result.kind === 'failed') throw new Error('failed');
        const back = pipeline.reverse(
          { ...file, path: result.path, content: result.content },
          context,
        );
        if (back.kind !== 'reversed' && back.kind !== 'unchanged') throw new Error(back.kind);
        expect(textOf(back)).toBe(text);
        expect(pipeline.checkReverse(file, context)).toEqual({ kind: 'reversible' });
      }),
      { numRuns: 400 },
    );
  });

  test.each<[string, TransformSettings, string, string]>([
    ['a stripped link', { strip_internal_links: true }, '[a](OTHER.md)', 'links'],
    ['what was there before', { replace: { literal: 'x', with: 'y' } }, 'x y', 'replace'],
    ['a pattern', { replace: { pattern: 'x', with: 'y' } }, 'x', 'replace'],
    [
      'a version that was there',
      { version_tag: true },
      '---\nholdfast_version: v1.0.0\n---\n',
      'version_tag',
    ],
  ])('%s is not reversible, and says by whose fault', (_name, settings, text, step) => {
    const pipeline = createPipeline({ transforms: [settings] });
    expect(pipeline.checkReverse(fileOf(text), contextFor({ links }))).toEqual({
      kind: 'irreversible',
      steps: [step],
    });
  });
});
