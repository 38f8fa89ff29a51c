import { expect, it } from 'vitest';
import { context, file } from '../test/files.js';
import { validate, versionTagCheck } from './index.js';

const check = versionTagCheck({ key: 'agent33_version' });

it.each([
  ['front matter', '---\ntitle: x\nagent33_version: v2.4.0\n---\n'],
  ['quoted front matter', '---\r\nagent33_version: "2.4.0"\r\n---\r\n'],
  ['a comment', '<!-- agent33_version: v2.4.0 -->\n# A\n'],
  ['a comment below the title', '# A\n\n<!-- agent33_version: v2.4.0 -->\n'],
])('accepts %s', async (_name, text) => {
  const report = await validate([file('a.md', text)], [check], context);
  expect(report.sync_validation.checks[0]).toEqual({
    name: 'version_tag',
    status: 'pass',
    details: 'v2.4.0 present in all files',
  });
});

it('warns of files without the tag or with another, and does not block', async () => {
  const given = [
    file('a.md', '# A\n\n**Version:** 0.1.0\n'),
    file('b.md', '---\nagent33_version: v2.3.0\n---\n'),
    file('c.json', '{}'),
  ];
  const report = await validate(given, [check], context);
  expect(
    report.findings.map(({ ruleId, message, path, range }) => [
      ruleId,
      path,
      range?.start.line,
      message,
    ]),
  ).toEqual([
    [
      'version/missing',
      'a.md',
      undefined,
      'expected agent33_version: v2.4.0 in front matter or a header line, found none',
    ],
    ['version/mismatch', 'b.md', 2, 'expected agent33_version: v2.4.0, got v2.3.0'],
  ]);
  expect([report.blocked, report.sync_validation.overall]).toEqual([false, 'warn']);
  expect(report.sync_validation.checks[0]?.details).toBe('v2.4.0 present in 0 of 2 files');
});

it('is skipped when no file is to bear a version', async () => {
  const report = await validate(
    [file('a.md', '')],
    [versionTagCheck({ files: () => false })],
    context,
  );
  expect(report.sync_validation.checks[0]).toMatchObject({
    status: 'skipped',
    details: 'no file is to bear a version',
  });
});

it('finds a header behind front matter', async () => {
  const text = '---\ntitle: x\n---\n\n<!-- holdfast_version: v2.4.0 -->\n\n# Title\n';
  const report = await validate([file('a.md', text)], [versionTagCheck()], context);
  expect(report.findings).toEqual([]);
  const far = `---\ntitle: x\n---\n${'\n'.repeat(30)}<!-- holdfast_version: v2.4.0 -->\n`;
  const other = await validate([file('a.md', far)], [versionTagCheck()], context);
  expect(other.findings.map(({ ruleId }) => ruleId)).toEqual(['version/missing']);
});
