import { describe, expect, it } from 'vitest';
import {
  formatJson,
  formatJunit,
  formatLines,
  formatMarkdown,
  formatSarif,
  formatText,
  type Finding,
} from './index.js';

const missing: Finding = {
  ruleId: 'link/missing-file',
  severity: 'error',
  message: 'the link to no.md is broken: there is no docs/no.md',
  path: 'docs/a.md',
  range: { start: { line: 12, column: 3 }, end: { line: 12, column: 14 } },
  data: { url: 'no.md' },
};

const lax: Finding = {
  ruleId: 'secret/private-host',
  severity: 'warning',
  message: 'names a private host',
  path: 'docs/a.md',
  range: { start: { line: 2, column: 1 }, end: { line: 2, column: 9 } },
};

const note: Finding = {
  ruleId: 'input/empty',
  severity: 'info',
  message: 'is empty',
  path: 'b.md',
};

const hostile: Finding = {
  ruleId: 'link/missing-file',
  severity: 'error',
  message: 'see @team, fixes org/repo#1 | <b>"x"</b> & ]]> \u0007\u202e [a](b) `c`\nnext',
  path: 'docs/a|`b`\u001b[31m.md',
};

/** As many as one hostile file gave: neither recursion nor `push(...findings)` survives it. */
const many = Array.from({ length: 130_000 }, (_, index) => ({
  ...missing,
  message: `no ${index}`,
  range: { start: { line: index + 1, column: 1 }, end: { line: index + 1, column: 2 } },
}));

it('lines are what compilers print', () => {
  expect(formatLines([missing, lax, note])).toMatchInlineSnapshot(`
    "docs/a.md:12:3: the link to no.md is broken: there is no docs/no.md
    docs/a.md:2:1: warning: names a private host
    b.md: info: is empty"
  `);
  expect(formatLines([])).toBe('');
  expect(formatLines([hostile])).not.toMatch(/[\u0000-\u001f\u202e]/);
});

describe('text', () => {
  it('lists findings by file with their places, then the sum', () => {
    expect(formatText([lax, missing, note])).toMatchInlineSnapshot(`
      "docs/a.md
         2:1  warning  names a private host                                 secret/private-host
        12:3  error    the link to no.md is broken: there is no docs/no.md  link/missing-file

      b.md
        -  info  is empty  input/empty

      1 error, 1 warning
      "
    `);
  });

  it('says so when there is nothing to say', () => {
    expect(formatText([])).toBe('No problems found.\n');
  });

  it('takes any number of findings', () => {
    expect(formatText(many)).toContain('130000 errors, 0 warnings');
  });
});

it('json holds the findings and their sums', () => {
  expect(JSON.parse(formatJson([missing, note]))).toEqual({
    findings: [missing, note],
    counts: { error: 1, warning: 0, info: 1 },
  });
});

describe('markdown', () => {
  it('lists errors first, and equal findings once', () => {
    const elsewhere = { ...missing, path: 'docs/b.md' };
    expect(formatMarkdown([lax, missing, elsewhere])).toMatchInlineSnapshot(`
      "- error: \`docs/a.md:12\` and 1 other place the link to no.md is broken: there is no docs/no.md (link/missing-file)

      - warning: \`docs/a.md:2\` names a private host (secret/private-host)
      "
    `);
    expect(formatMarkdown([])).toBe('');
  });

  it('folds many warnings, and is bounded', () => {
    const warnings = many.map((finding) => ({ ...finding, severity: 'warning' as const }));
    const text = formatMarkdown([missing, ...warnings]);
    expect(text).toContain('<summary>130000 warnings</summary>\n\n- warning: ');
    expect(text).toContain('\n- and 129950 more\n\n</details>\n');
    expect(text.length).toBeLessThan(10_000);
  });

  it('lets no text of a document act on the forge', () => {
    const line = formatMarkdown([hostile]);
    expect(line).not.toMatch(/@team|#1|<b>|\n./);
    expect(line).toContain('`` docs/a\\|`b`');
  });
});

describe('sarif', () => {
  const tool = { name: 'holdfast', version: '1.0.0' };

  function resultsOf(text: string): Record<string, unknown>[] {
    return (JSON.parse(text) as { runs: { results: Record<string, unknown>[] }[] }).runs[0]!
      .results;
  }

  it('has the shape of SARIF 2.1.0, with help', () => {
    const rules = new Map([
      [
        'link/missing-file',
        { summary: 'A link leads nowhere.', help: 'Mend it.', helpUri: 'https://example.org/link' },
      ],
    ]);
    const options = { tool, rules, endTime: '2026-01-30T12:00:00Z', failures: ['out of luck'] };
    const log = JSON.parse(formatSarif([missing, note], options)) as object;
    expect(log).toEqual({
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              ...tool,
              rules: [
                { id: 'input/empty' },
                {
                  id: 'link/missing-file',
                  shortDescription: { text: 'A link leads nowhere.' },
                  help: { text: 'Mend it.', markdown: 'Mend it.' },
                  helpUri: 'https://example.org/link',
                },
              ],
            },
          },
          columnKind: 'utf16CodeUnits',
          invocations: [
            {
              executionSuccessful: false,
              endTimeUtc: '2026-01-30T12:00:00Z',
              toolExecutionNotifications: [{ level: 'error', message: { text: 'out of luck' } }],
            },
          ],
          results: [
            {
              ruleId: 'link/missing-file',
              ruleIndex: 1,
              level: 'error',
              message: { text: missing.message },
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'docs/a.md' },
                    region: { startLine: 12, startColumn: 3, endLine: 12, endColumn: 14 },
                  },
                },
              ],
              partialFingerprints: { 'finding/v1': 'eb2a559a887360eb0c5d0a91717472c2:1' },
              properties: { url: 'no.md' },
            },
            {
              ruleId: 'input/empty',
              ruleIndex: 0,
              level: 'note',
              message: { text: 'is empty' },
              locations: [{ physicalLocation: { artifactLocation: { uri: 'b.md' } } }],
              partialFingerprints: { 'finding/v1': 'e4a112d0a4537e27543ca5ff3c608611:1' },
            },
          ],
        },
      ],
    });
  });

  it('writes paths as URIs', () => {
    const [result] = resultsOf(formatSarif([hostile, { ...note, path: '\ud800' }], { tool }));
    expect(JSON.stringify(result)).toContain('"uri":"docs/a%7C%60b%60%1B%5B31m.md"');
  });

  it('takes any number of findings, and tells equal ones apart', () => {
    const results = resultsOf(formatSarif([...many, missing, missing], { tool }));
    const prints = results.map((result) => JSON.stringify(result['partialFingerprints']));
    expect(new Set(prints).size).toBe(130_002);
  });
});

describe('junit', () => {
  it('has a case for each file, and for what was not done', () => {
    const text = formatJunit([missing, lax], {
      name: 'sync-webapp',
      files: ['docs/a.md', 'docs/fine.md'],
      time: '2026-01-30T12:00:00Z',
      failures: [{ name: 'secret_scan', message: 'out of luck' }],
      skipped: [{ name: 'version_tag', message: 'no file bears a version' }],
    });
    expect(text).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="holdfast" tests="4" failures="1" errors="1" skipped="1">
        <testsuite name="sync-webapp" tests="4" failures="1" errors="1" skipped="1" timestamp="2026-01-30T12:00:00">
          <testcase name="docs/a.md" classname="sync-webapp">
            <failure message="1 error">docs/a.md:12:3: the link to no.md is broken: there is no docs/no.md (link/missing-file)</failure>
            <system-out>docs/a.md:2:1: warning: names a private host (secret/private-host)</system-out>
          </testcase>
          <testcase name="docs/fine.md" classname="sync-webapp"/>
          <testcase name="secret_scan" classname="sync-webapp">
            <error message="out of luck"/>
          </testcase>
          <testcase name="version_tag" classname="sync-webapp">
            <skipped message="no file bears a version"/>
          </testcase>
        </testsuite>
      </testsuites>
      "
    `);
  });

  it('is well-formed whatever the messages hold', () => {
    const odd = { ...hostile, path: 'x\ud800', message: '\ud800\u0000\uffff' };
    const xml = formatJunit([hostile, odd], { name: 'a<b' });
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

  it('takes any number of findings', () => {
    expect(formatJunit(many, { name: 'run' })).toContain('<failure message="130000 errors">');
  });
});
