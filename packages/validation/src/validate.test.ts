import { describe, expect, it } from 'vitest';
import { context, file, files } from '../test/files.js';
import { formatReport, linkIntegrityCheck, validate, type Check, type Finding } from './index.js';

function check(
  id: string,
  found: Partial<Finding>[],
  failureAction: Check['failureAction'] = 'block',
): Check {
  const findings = found.map((finding): Finding => {
    return { ruleId: 'test/rule', severity: 'error', message: 'wrong', path: 'a.md', ...finding };
  });
  return {
    id,
    needs: [],
    failureAction,
    run: () => ({ findings, details: `${findings.length} found` }),
  };
}

describe('the report', () => {
  it("has the specification's shape", async () => {
    const report = await validate(
      [file('a.md', '')],
      [check('checksum', []), check('link_integrity', [])],
      context,
    );
    expect(formatReport(report, 'yaml')).toMatchInlineSnapshot(`
      "sync_validation:
        rule_id: sync-webapp
        run_at: 2026-01-30T12:00:00Z
        source_version: v2.4.0
        checks:
          - name: checksum
            status: pass
            details: 0 found
          - name: link_integrity
            status: pass
            details: 0 found
        overall: pass
      "
    `);
  });

  it.each<[string, Check[], string, boolean]>([
    ['an error of a blocking check', [check('a', [{}])], 'fail', true],
    ['an error of a warning check', [check('a', [{}], 'warn')], 'warn', false],
    ['a warning', [check('a', [{ severity: 'warning' }])], 'warn', false],
    ['a note', [check('a', [{ severity: 'info' }])], 'pass', false],
    ['a failure beside a pass', [check('a', []), check('b', [{}])], 'fail', true],
    ['no check at all', [], 'pass', false],
  ])('judges %s', async (_name, checks, overall, blocked) => {
    const report = await validate([], checks, context);
    expect([report.sync_validation.overall, report.blocked]).toEqual([overall, blocked]);
  });

  it('sorts findings by path, then place', async () => {
    const at = (line: number) => ({ start: { line, column: 1 }, end: { line, column: 2 } });
    const first = check('a', [{ path: 'b.md' }, { path: 'a.md', range: at(9) }]);
    const second = check('b', [{ path: 'a.md', range: at(2) }]);
    const { findings } = await validate([], [first, second], context);
    expect(findings.map(({ path, range, check: by }) => [path, range?.start.line, by])).toEqual([
      ['a.md', 2, 'b'],
      ['a.md', 9, 'a'],
      ['b.md', undefined, 'a'],
    ]);
  });
});

describe('checks', () => {
  it('that throw are reported as failed, and the others run', async () => {
    const throwing: Check = {
      ...check('broken', []),
      failureAction: 'warn',
      run: () => {
        throw new Error('no such thing');
      },
    };
    const report = await validate([], [throwing, check('b', [])], context);
    expect(report.sync_validation.checks).toEqual([
      { name: 'broken', status: 'fail', details: 'the check itself failed: no such thing' },
      { name: 'b', status: 'pass', details: '0 found' },
    ]);
    expect(report.blocked).toBe(true);
  });

  it('that lack what they need are skipped, with the reason', async () => {
    const { tree: _tree, ...withoutTree } = context;
    const needy = [
      { ...check('a', [{}]), needs: ['tree'] as const },
      { ...check('b', [{}]), needs: ['files'] as const },
    ];
    const report = await validate([], needy, withoutTree);
    expect(report.sync_validation.checks.map(({ status, details }) => [status, details])).toEqual([
      ['skipped', "the target's tree was not given"],
      ['skipped', 'no files to check'],
    ]);
    expect(report.sync_validation.overall).toBe('pass');
  });

  it('run side by side', async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const waiting: Check = {
      ...check('waiting', []),
      run: () => released.then(() => ({ findings: [], details: 'released' })),
    };
    const releasing: Check = {
      ...check('releasing', []),
      run: () => {
        release();
        return { findings: [], details: 'done' };
      },
    };
    const report = await validate([], [waiting, releasing], context);
    expect(report.sync_validation.overall).toBe('pass');
  });

  it('share one parse of each document', async () => {
    const seen: unknown[] = [];
    const reading: Check = {
      ...check('reading', []),
      run: ({ files: [only], documents }) => {
        seen.push(documents.markdown(only!), documents.text(only!));
        return { findings: [], details: '' };
      },
    };
    await validate([file('a.md', '# A')], [reading, reading], context);
    expect([seen[0] === seen[2], seen[1] === seen[3]]).toEqual([true, true]);
  });
});

describe('the input row', () => {
  it('names a path that is given twice', async () => {
    const report = await validate([file('a.md', 'x'), file('a.md', 'y')], [], context);
    expect(report.sync_validation.checks).toEqual([
      { name: 'input', status: 'fail', details: '1 file could not be read as given' },
    ]);
    expect(report.findings[0]).toMatchObject({
      ruleId: 'input/duplicate-path',
      path: 'a.md',
      check: 'input',
    });
  });

  it("keeps a hostile file's findings from drowning the others", async () => {
    const many = check(
      'many',
      Array.from({ length: 12 }, () => ({})),
    );
    const { findings } = await validate(files({ 'a.md': '' }), [many], {
      ...context,
      limits: { maxFindingsPerFile: 10 },
    });
    expect(findings).toHaveLength(11);
    expect(findings.find(({ ruleId }) => ruleId === 'input/too-many-findings')).toMatchObject({
      severity: 'error',
      data: { omitted: 2 },
    });
  });
});

it("what is wrong with the target's own text warns, and names the owner", async () => {
  const own = { ...file('own.md', '[x](no.md)\n'), owner: 'target' as const };
  const report = await validate(
    [own, file('a.md', '[x](no.md)\n')],
    [linkIntegrityCheck()],
    context,
  );
  expect(
    report.findings.map(({ path, severity, data }) => [path, severity, data?.['owner']]),
  ).toEqual([
    ['a.md', 'error', undefined],
    ['own.md', 'warning', 'target'],
  ]);
  const alone = await validate([own], [linkIntegrityCheck()], context);
  expect([alone.blocked, alone.findings[0]?.message]).toEqual([
    false,
    "the link to no.md is broken: there is no no.md (in the target's own text, which its owner can mend)",
  ]);
});
