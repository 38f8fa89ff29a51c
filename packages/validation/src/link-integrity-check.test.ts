import { describe, expect, it } from 'vitest';
import { context, file, files } from '../test/files.js';
import {
  knownBreakage,
  linkIntegrityCheck,
  validate,
  type TreeView,
  type LinkStyle,
} from './index.js';

const target: Record<string, string> = {
  'docs/b.md': '# One\n\n## Two words\n\n<a name="explicit"></a>\n',
  'docs/sub/c.md': '',
  'docs/img/i.png': '',
  'docs/with space.md': '',
  'src/code.ts': '',
  'README.md': '# Top\n',
};

const tree: TreeView = {
  kind(path) {
    if (path === 'vendor') return 'submodule';
    if (path === 'linked') return 'symlink';
    if (path in target) return 'file';
    return path === '' || Object.keys(target).some((name) => name.startsWith(`${path}/`))
      ? 'directory'
      : undefined;
  },
  read: (path) => Promise.resolve(path in target ? Buffer.from(target[path]!) : undefined),
};

async function findingsFor(text: string, path = 'docs/a.md'): Promise<string[]> {
  const report = await validate([file(path, text)], [linkIntegrityCheck()], { ...context, tree });
  return report.findings.map(
    ({ ruleId, message, range }) =>
      `${range?.start.line}:${range?.start.column} ${ruleId}: ${message}`,
  );
}

describe('what resolves', () => {
  it.each([
    'b.md',
    './b.md',
    '../docs/b.md',
    '/docs/b.md',
    'b.md#one',
    'b.md#two-words',
    'b.md#explicit',
    'b.md#user-content-one',
    'b.md?plain=1#L3',
    'sub/',
    'sub',
    '..',
    '/',
    '#here',
    '#',
    '#top',
    'with%20space.md',
    '<with space.md>',
    '../src/code.ts#L1-L20',
    '../vendor/anything/at/all.md',
    '../linked/x.md',
    '../../issues/12',
    '../../../issues',
  ])('%s', async (destination) => {
    expect(await findingsFor(`# Here\n\n[x](${destination})\n`)).toEqual([]);
  });
});

describe('what does not', () => {
  it.each([
    [
      'missing.md',
      '1:1 link/missing-file: the link to missing.md is broken: there is no docs/missing.md',
    ],
    ['/b.md', '1:1 link/missing-file: the link to /b.md is broken: there is no b.md'],
    [
      'b.md/',
      '1:1 link/missing-file: the link to b.md/ is broken: docs/b.md is a file, not a directory',
    ],
    [
      'b.md#three',
      '1:1 link/missing-fragment: the link to b.md#three is broken: nothing in docs/b.md is called #three',
    ],
    [
      '#nowhere',
      '1:1 link/missing-fragment: the link to #nowhere is broken: nothing in docs/a.md is called #nowhere',
    ],
    [
      '../../secret.md',
      '1:1 link/outside-repository: the link to ../../secret.md is broken: it leads above the root of the repository',
    ],
    [
      'b%zz.md',
      '1:1 link/malformed: the link to b%zz.md is broken: its percent-encoding cannot be decoded',
    ],
  ])('%s', async (destination, expected) => {
    expect(await findingsFor(`[x](${destination})`)).toEqual([expected]);
  });

  it('in images, definitions and raw HTML', async () => {
    expect(await findingsFor('![x](no.png)\n\n[d]: no.md\n\n<a href="no.html">x</a>\n')).toEqual([
      '1:1 link/missing-file: the image to no.png is broken: there is no docs/no.png',
      '3:1 link/missing-file: the definition to no.md is broken: there is no docs/no.md',
      '5:4 link/missing-file: the HTML link to no.html is broken: there is no docs/no.html',
    ]);
  });

  it('because only the case differs', async () => {
    const report = await validate(
      files({ 'A.md': '[b](readme.md)', 'README.md': '' }),
      [linkIntegrityCheck()],
      context,
    );
    expect(report.findings[0]?.message).toContain('README.md differs in case only');
  });
});

it('sees the delivered files before the tree, and documents of the tree for their headings', async () => {
  const delivered = files({
    'docs/a.md': '[x](b.md#new) [y](../README.md#top) [z](../README.md#no)',
    'docs/b.md': '# New',
  });
  const report = await validate(delivered, [linkIntegrityCheck()], { ...context, tree });
  expect(report.findings.map(({ data }) => data?.['url'])).toEqual(['../README.md#no']);
  expect(report.sync_validation.checks[0]?.details).toBe('1 broken link, 3 links checked');
});

it('warns of a reference that nothing defines', async () => {
  expect(await findingsFor('see [text][label]')).toEqual([
    '1:5 link/undefined-reference: no definition is called [label]',
  ]);
});

describe('what the source has broken already', () => {
  const source = files({ 'core/a.md': '[x](../core/gone.md#f)' });

  it('is a warning, though its directories were rewritten; new breakage is an error', async () => {
    const known = await validate(source, [linkIntegrityCheck()], context);
    const delivered = {
      ...file('docs/a.md', '[x](../docs/gone.md#f)\n[y](new.md)'),
      sourcePath: 'core/a.md',
    };
    const check = linkIntegrityCheck({ knownBroken: knownBreakage(known.findings) });
    const report = await validate([delivered], [check], context);
    expect(report.findings.map(({ severity, message }) => [severity, message])).toEqual([
      [
        'warning',
        'the link to ../docs/gone.md#f is broken: there is no docs/gone.md (as in the source)',
      ],
      ['error', 'the link to new.md is broken: there is no docs/new.md'],
    ]);
    expect(report.sync_validation.checks[0]).toEqual({
      name: 'link_integrity',
      status: 'fail',
      details: '1 broken link, 1 already broken in the source, 2 links checked',
    });
  });

  it('does not excuse the same link in another file', async () => {
    const known = await validate(source, [linkIntegrityCheck()], context);
    const check = linkIntegrityCheck({ knownBroken: knownBreakage(known.findings) });
    const report = await validate([file('core/b.md', '[x](gone.md#f)')], [check], context);
    expect(report.blocked).toBe(true);
  });
});

describe('fragments are compared as browsers and forges do', () => {
  it.each([
    '#One',
    '#one',
    '#user-content-one',
    '#ONE',
    '#:~:text=One',
    '#named',
    '#Named',
    '#user-content-own',
  ])('%s', async (url) => {
    const text = `# One\n\n<a id="named"></a> <a id="user-content-own"></a>\n\n[x](${url})\n`;
    const report = await validate(files({ 'a.md': text }), [linkIntegrityCheck()], context);
    expect(report.findings).toEqual([]);
  });
});

it.each(['/../../releases', '../../releases', '/../../issues/7', '../../../wiki'])(
  "%s is the forge's own",
  async (url) => {
    const report = await validate(
      files({ 'a.md': `[x](${url})` }),
      [linkIntegrityCheck()],
      context,
    );
    expect(report.findings).toEqual([]);
  },
);

it('MDX is read', async () => {
  const text = 'import X from "./x";\n\n<X href="no.md" />\n\n[y](also-no.md)\n';
  const report = await validate(files({ 'a.mdx': text }), [linkIntegrityCheck()], context);
  expect(report.findings.map(({ data }) => data?.['url'])).toEqual(['no.md', 'also-no.md']);
});

describe('links as site generators write them', () => {
  const site = {
    'docs/index.md': '# Home\n',
    'docs/guide/setup.md': '# Setup\n\n## Step 1: do it\n\n### Named {#own-id}\n',
    'docs/guide/index.md': '# Guide\n',
    'docs/reference/README.md': '# Reference\n',
    'static/img/a.png': 'x',
  };
  const broken = async (style: LinkStyle, from: string, url: string) => {
    const report = await validate(
      files({ ...site, [from]: `# Page\n\n[x](${url})\n` }),
      [linkIntegrityCheck({ style })],
      context,
    );
    return report.findings.map(({ ruleId }) => ruleId);
  };

  it.each<[LinkStyle, string, string]>([
    ['mkdocs', 'docs/guide/page.md', '../setup/'],
    ['mkdocs', 'docs/guide/page.md', '../setup/#step-1-do-it'],
    ['mkdocs', 'docs/guide/page.md', '../setup/#step-1_do_it'],
    ['mkdocs', 'docs/guide/page.md', '../setup/#own-id'],
    ['mkdocs', 'docs/guide/page.md', '../../reference/'],
    ['mkdocs', 'docs/guide/page.md', 'setup.md'],
    ['mkdocs', 'docs/guide/page.md', 'setup.md/#step-1-do-it'],
    ['mkdocs', 'docs/guide/index.md', 'setup/'],
    ['mkdocs', 'docs/guide/page.md', '/guide/setup/'],
    ['docusaurus', 'docs/guide/page.md', './setup#own-id'],
    ['docusaurus', 'docs/guide/page.md', '/img/a.png'],
    ['docusaurus', 'docs/guide/page.md', '/a/slug/of/the/site'],
    ['vitepress', 'docs/guide/page.md', './setup.html#own-id'],
    ['vitepress', 'docs/guide/page.md', '/guide/setup'],
    ['hugo', 'docs/guide/page.md', '../setup/'],
    ['jekyll', 'docs/guide/page.md', '{{ site.baseurl }}/x'],
    ['jekyll', 'docs/guide/page.md', 'setup.html'],
  ])('%s: in %s, %s is there', async (style, from, url) => {
    expect(await broken(style, from, url)).toEqual([]);
  });

  it.each<[LinkStyle, string, string]>([
    ['mkdocs', '../nowhere/', 'link/missing-file'],
    ['mkdocs', '../setup/#nowhere', 'link/missing-fragment'],
    ['docusaurus', './nowhere', 'link/missing-file'],
    ['files', '../setup/', 'link/missing-file'],
    ['files', 'setup.md#own-id', 'link/missing-fragment'],
  ])('%s: %s is broken', async (style, url, ruleId) => {
    expect(await broken(style, 'docs/guide/page.md', url)).toEqual([ruleId]);
  });

  it('may differ by path', async () => {
    const report = await validate(
      files({ ...site, 'docs/guide/a.md': '[x](../setup/)', 'docs/guide/b.md': '[x](../setup/)' }),
      [linkIntegrityCheck({ style: (path) => (path.endsWith('a.md') ? 'mkdocs' : 'files') })],
      context,
    );
    expect(report.findings.map(({ path }) => path)).toEqual(['docs/guide/b.md']);
  });
});
