import { describe, expect, it } from 'vitest';
import { createReport, formatReport, type Finding, type ValidationReport } from './index.js';

function reportOf(findings: Finding[], details = '1 broken link'): ValidationReport {
  return createReport(
    [
      {
        check: { id: 'checksum', failureAction: 'block' },
        result: { findings: [], details: '2/2 files match' },
      },
      { check: { id: 'link_integrity', failureAction: 'block' }, result: { findings, details } },
      {
        check: { id: 'version_tag', failureAction: 'warn' },
        result: { findings: [], details: 'no file is to bear a version', skipped: true },
      },
      { check: { id: 'secret_scan', failureAction: 'block' }, result: { failure: 'out of luck' } },
    ],
    { ruleId: 'sync-webapp', runAt: new Date('2026-01-30T12:00:00.123Z'), sourceVersion: 'v2.4.0' },
  );
}

const finding: Finding = {
  ruleId: 'link/missing-file',
  severity: 'error',
  message: 'the link to no.md is broken: there is no docs/no.md',
  path: 'docs/a.md',
  range: { start: { line: 12, column: 3 }, end: { line: 12, column: 14 } },
  data: { url: 'no.md' },
};

const known: Finding = {
  ...finding,
  severity: 'warning',
  range: { start: { line: 2, column: 1 }, end: { line: 2, column: 9 } },
};

const hostile: Finding = {
  ruleId: 'link/missing-file',
  severity: 'error',
  message: 'see @team, fixes org/repo#1 | <b>"x"</b> & ]]> \u0007\u202e [a](b) `c`\nnext',
  path: 'docs/a|`b`\u001b[31m.md',
};

describe('text', () => {
  it('lists findings by file with their places, then the checks, then the sum', () => {
    expect(formatReport(reportOf([finding, known]), 'text')).toMatchInlineSnapshot(`
      "docs/a.md
         2:1  warning  the link to no.md is broken: there is no docs/no.md  link/missing-file
        12:3  error    the link to no.md is broken: there is no docs/no.md  link/missing-file

      pass     checksum        2/2 files match
      fail     link_integrity  1 broken link
      skipped  version_tag     no file is to bear a version
      fail     secret_scan     the check itself failed: out of luck

      1 error, 1 warning: blocked
      "
    `);
  });

  it('shows control characters as escapes', () => {
    const text = formatReport(reportOf([hostile]), 'text');
    expect(text.match(/[\u0000-\u0009\u000b-\u001f\u202e]/g)).toBeNull();
    expect(text).toContain('docs/a|`b`\\u001b[31m.md');
  });

  it('says so when there is nothing to say', () => {
    const report = createReport([], { ruleId: 'r', runAt: new Date(0), sourceVersion: 'v1' });
    expect(formatReport(report, 'text')).toBe('\nNo problems found.\n');
  });
});

describe('markdown', () => {
  it("is the change request's table, with what stands behind it", () => {
    expect(formatReport(reportOf([finding, known]), 'markdown')).toMatchInlineSnapshot(`
      "| Check | Status |
      |-------|--------|
      | Checksum verification | pass |
      | Link integrity | fail: 1 broken link |
      | Version tag match | skipped: no file is to bear a version |
      | Secret scan | fail: the check itself failed: out of luck |

      - error: \`docs/a.md:12\` the link to no.md is broken: there is no docs/no.md (link/missing-file)

      - warning: \`docs/a.md:2\` the link to no.md is broken: there is no docs/no.md (link/missing-file)
      "
    `);
  });

  it('folds what the source has broken already, and many warnings', () => {
    const inSource = { ...known, data: { known: true } };
    const warnings = Array.from({ length: 11 }, (_, index) => ({
      ...known,
      message: `broken ${index}`,
    }));
    const text = formatReport(reportOf([finding, ...warnings, inSource]), 'markdown');
    const outline = text.split('\n').map((line) => line.replace(/^(- \w+): .*/, '$1'));
    expect([...new Set(outline.slice(7))]).toEqual([
      '- error',
      '',
      '<details>',
      '<summary>11 warnings</summary>',
      '- warning',
      '</details>',
      '<summary>1 warning about what is so in the source already</summary>',
    ]);
    expect(text).toMatch(/<\/summary>\n\n- warning: .*\n\n<\/details>\n$/);
  });

  it('lets no text of a document act on the forge', () => {
    const [line] = formatReport(reportOf([hostile]), 'markdown')
      .split('\n')
      .filter((one) => one.startsWith('- '));
    expect(line).not.toMatch(/@team|#1|<b>|\n/);
    expect(line).toContain('`` docs/a\\|`b`');
  });

  it('is bounded', () => {
    const many = Array.from({ length: 5000 }, (_, index) => ({
      ...finding,
      message: `broken ${index}`,
    }));
    const text = formatReport(reportOf(many), 'markdown');
    expect(text).toContain('- and 4950 more');
    expect(text.length).toBeLessThan(20_000);
  });
});

describe('sarif', () => {
  it('has the shape of SARIF 2.1.0', () => {
    const log = JSON.parse(formatReport(reportOf([finding, known, hostile]), 'sarif')) as Sarif;
    const [run] = log.runs;
    expect([log.version, log.runs.length, run!.tool.driver.name]).toEqual(['2.1.0', 1, 'holdfast']);
    expect(run!.results[2]).toEqual({
      ruleId: 'link/missing-file',
      ruleIndex: 0,
      level: 'error',
      message: { text: hostile.message },
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'docs/a%7C%60b%60%1B%5B31m.md' } } },
      ],
      partialFingerprints: { 'finding/v1': '5c24400283915a0ce4f3cad218841e87:1' },
      properties: { check: 'link_integrity' },
    });
    expect(run!.results[0]!.locations[0]!.physicalLocation.region).toEqual({
      startLine: 2,
      startColumn: 1,
      endLine: 2,
      endColumn: 9,
    });
    for (const { ruleId, ruleIndex } of run!.results)
      expect(run!.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  it('tells of checks that failed themselves', () => {
    const log = JSON.parse(formatReport(reportOf([]), 'sarif')) as Sarif;
    expect(log.runs[0]!.invocations).toEqual([
      {
        executionSuccessful: false,
        endTimeUtc: '2026-01-30T12:00:00Z',
        toolExecutionNotifications: [
          {
            level: 'error',
            message: { text: 'secret_scan: the check itself failed: out of luck' },
          },
        ],
      },
    ]);
  });
});

interface Sarif {
  version: string;
  runs: {
    tool: { driver: { name: string; rules: { id: string }[] } };
    invocations: unknown;
    results: {
      ruleId: string;
      ruleIndex: number;
      locations: { physicalLocation: { region?: unknown } }[];
    }[];
  }[];
}

describe('junit', () => {
  it('has a case for each file, and for each check that was not made or crashed', () => {
    expect(formatReport(reportOf([finding, known]), 'junit', { files: ['docs/b.md'] }))
      .toMatchInlineSnapshot(`
        "<?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="holdfast" tests="4" failures="1" errors="1" skipped="1">
          <testsuite name="sync-webapp" tests="4" failures="1" errors="1" skipped="1" timestamp="2026-01-30T12:00:00">
            <testcase name="docs/a.md" classname="sync-webapp">
              <failure message="1 error">docs/a.md:12:3: the link to no.md is broken: there is no docs/no.md (link/missing-file)</failure>
              <system-out>docs/a.md:2:1: warning: the link to no.md is broken: there is no docs/no.md (link/missing-file)</system-out>
            </testcase>
            <testcase name="docs/b.md" classname="sync-webapp"/>
            <testcase name="secret_scan" classname="sync-webapp">
              <error message="the check itself failed: out of luck"/>
            </testcase>
            <testcase name="version_tag" classname="sync-webapp">
              <skipped message="no file is to bear a version"/>
            </testcase>
          </testsuite>
        </testsuites>
        "
      `);
  });

  it('is well-formed whatever the messages hold', () => {
    const xml = formatReport(reportOf([hostile, { ...hostile, message: '\ud800\u0000' }]), 'junit');
    expect(xml.match(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g)).toBeNull();
    const open: string[] = [];
    for (const [tag] of xml.matchAll(/<[^>]*>/g)) {
      if (tag.startsWith('</')) expect(tag).toBe(`</${open.pop()}>`);
      else if (!tag.startsWith('<?') && !tag.endsWith('/>'))
        open.push(/^<(\w[\w-]*)/.exec(tag)![1]!);
    }
    expect(open).toEqual([]);
    expect(xml.replace(/<[^>]*>/g, '')).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;|#10;)/);
  });
});

it('json is the whole report', () => {
  const report = reportOf([finding]);
  expect(JSON.parse(formatReport(report, 'json'))).toEqual(report);
});
