import { describe, expect, it } from 'vitest';
import {
  linkIntegrityCheck,
  schemaCheck,
  secretScanCheck,
  validate,
  versionTagCheck,
} from '../src/index.js';
import { context, files } from './files.js';

const checks = [
  linkIntegrityCheck(),
  schemaCheck(),
  secretScanCheck(),
  versionTagCheck({ files: () => false }),
];

async function rulesFor(
  contents: Record<string, string | Uint8Array>,
  limits = {},
): Promise<string[]> {
  const { findings } = await validate(files(contents), checks, { ...context, limits });
  return [...new Set(findings.map(({ ruleId, path }) => `${path} ${ruleId}`))];
}

const links = (count: number, separator: string) =>
  Array.from({ length: count }, (_, index) => `[a](b.md#x${index % 10})`).join(separator);

describe('size', () => {
  it('a file of 50 MB is refused unread, by a finding', async () => {
    expect(await rulesFor({ 'a.md': 'word '.repeat(10_000_000) })).toEqual([
      'a.md input/too-large',
    ]);
  });

  it.each([
    ['in paragraphs', links(100_000, '\n\n')],
    ['in one paragraph', links(100_000, '\n')],
    ['on one line', links(100_000, ' ')],
    ['in a list', `- ${links(100_000, '\n- ')}`],
    ['in a table', `| a |\n|---|\n| ${links(100_000, ' |\n| ')} |\n`],
  ])('100,000 links %s are all checked', async (_name, text) => {
    const report = await validate(
      files({ 'a.md': text, 'b.md': '# x1' }),
      [linkIntegrityCheck()],
      context,
    );
    expect(report.sync_validation.checks[0]?.details).toBe(
      '90000 broken links, 100000 links checked',
    );
    expect(report.findings).toHaveLength(1001);
  });

  it('Markdown too involved to be parsed in time is told', async () => {
    const text = `<a id="x">\n${'*a **b [c '.repeat(20_000)}[x](y.md)`;
    expect(await rulesFor({ 'a.md': text }, { markdownTimeoutMs: 20 })).toEqual([
      'a.md input/too-costly',
    ]);
  });
});

describe('depth', () => {
  it.each<[string, string, string]>([
    ['a.json', '['.repeat(100_000), 'schema/too-deep'],
    ['a.yaml', '['.repeat(100_000), 'schema/too-deep'],
    ['a.yaml', `${'- '.repeat(5000)}a`, 'schema/too-deep'],
    ['a.yaml', `${'{a: '.repeat(5000)}1${'}'.repeat(5000)}`, 'schema/too-deep'],
    ['a.md', `${'> '.repeat(10_000)}<a id="x">`, 'input/too-deep'],
    ['a.md', `${'- '.repeat(10_000)}<a id="x">`, 'input/too-deep'],
  ])('%s %.20s', async (path, text, rule) => {
    expect(await rulesFor({ [path]: text })).toEqual([`${path} ${rule}`]);
  });
});

describe('odd bytes', () => {
  it('binary files with the name of a text are told; others are not read', async () => {
    const binary = new Uint8Array([0x89, 0x50, 0x00, 0xff]);
    expect(await rulesFor({ 'a.md': binary, 'b.json': binary, 'c.png': binary })).toEqual([
      'a.md input/binary',
      'b.json input/binary',
    ]);
  });

  it('texts that are not UTF-8 are read as well as can be, and told', async () => {
    const latin1 = Buffer.from('# é\n\n[x](no.md)', 'latin1');
    expect(await rulesFor({ 'a.md': latin1 })).toEqual([
      'a.md input/encoding',
      'a.md link/missing-file',
    ]);
  });

  it('UTF-16 with its mark, and a mark before UTF-8, are read', async () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('[x](no.md)', 'utf16le')]);
    expect(await rulesFor({ 'a.md': utf16, 'b.json': '\ufeff{"a": 1}' })).toEqual([
      'a.md link/missing-file',
    ]);
  });
});

it('findings beyond counting are counted', async () => {
  const keys = Array.from({ length: 200_000 }, () => '"a": 1').join(', ');
  const references = Array.from({ length: 100 }, () => 'see [a][b] '.repeat(100)).join('\n\n');
  const { findings } = await validate(
    files({ 'a.json': `{${keys}}`, 'b.md': references }),
    checks,
    context,
  );
  expect(findings).toHaveLength(2 * 1001);
});

it('the same path twice is told', async () => {
  const twice = [...files({ 'a.md': 'x' }), ...files({ 'a.md': 'y' })];
  const { findings } = await validate(twice, checks, context);
  expect(findings.map(({ ruleId }) => ruleId)).toEqual(['input/duplicate-path']);
});

it('symbolic links and submodules are not read', async () => {
  const [link, submodule] = files({ 'a.md': 'nowhere.md', 'b.json': '' });
  const given = [
    { ...link!, mode: '120000' as const },
    { ...submodule!, mode: '160000' as const },
  ];
  const { findings } = await validate(given, checks, context);
  expect(findings).toEqual([]);
});
