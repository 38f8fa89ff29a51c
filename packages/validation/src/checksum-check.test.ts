import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { context, file } from '../test/files.js';
import { checksumCheck, validate } from './index.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe("with each file's own checksum", () => {
  it('counts those that match', async () => {
    const good = { ...file('a.md', 'a'), expectedSha256: sha256('a') };
    const report = await validate([good, file('b.md', 'b')], [checksumCheck()], context);
    expect(report.sync_validation.checks[0]).toMatchObject({
      status: 'pass',
      details: '1/1 files match',
    });
  });

  it('fails on a corrupted file, and says both sides', async () => {
    const corrupted = { ...file('a.md', 'A'), expectedSha256: sha256('a') };
    const report = await validate([corrupted], [checksumCheck()], context);
    expect(report.blocked).toBe(true);
    expect(report.findings[0]).toMatchObject({
      ruleId: 'checksum/mismatch',
      message: `expected SHA-256 ${sha256('a')}, got ${sha256('A')}`,
      data: { expected: sha256('a'), actual: sha256('A') },
    });
  });

  it('is skipped, not passed, when nothing is expected', async () => {
    const report = await validate([file('a.md', 'a')], [checksumCheck()], context);
    expect(report.sync_validation.checks[0]).toMatchObject({ status: 'skipped' });
  });
});

describe('with all that is expected', () => {
  it('names what is missing, unexpected and different', async () => {
    const expected = new Map([
      ['a.md', sha256('a')],
      ['b.md', sha256('b')],
      ['c.md', sha256('c')],
    ]);
    const present = [file('a.md', 'a'), file('b.md', 'changed'), file('d.md', 'd')];
    const report = await validate(present, [checksumCheck({ expected })], context);
    expect(report.findings.map(({ ruleId, path }) => `${ruleId} ${path}`)).toEqual([
      'checksum/mismatch b.md',
      'checksum/missing c.md',
      'checksum/unexpected d.md',
    ]);
    expect(report.sync_validation.checks[0]?.details).toBe('1/3 files match');
  });
});
