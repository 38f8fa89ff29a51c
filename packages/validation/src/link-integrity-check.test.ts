import { describe, expect, it } from 'vitest';
import { context, file, files } from '../test/files.js';
import { knownBreakage, linkIntegrityCheck, validate, type TreeView } from './index.js';

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
      'b.md#One',
      '1:1 link/missing-fragment: the link to b.md#One is broken: nothing in docs/b.md is called #One; #one is there',
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
