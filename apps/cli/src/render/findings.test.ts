import type { Finding } from '@holdfast/sync';
import { createReport } from '@holdfast/validation';
import { expect, test } from 'vitest';
import { renderMarkup } from '../markup.js';
import {
  renderFailedChecks,
  renderFinding,
  summariseAcross,
  summariseFindings,
} from './findings.js';

const finding = (severity: Finding['severity'], line: number): Finding => ({
  ruleId: 'x',
  severity,
  path: 'a.md',
  message: 'is odd',
  range: { start: { line, column: 2 }, end: { line, column: 3 } },
});

const plain = (lines: readonly string[]) =>
  lines.map((line) => renderMarkup(line, { color: false }));

test.each([
  [0, ['a.md:3:2: is odd', '2 warnings and 1 note not shown; --verbose lists them']],
  [
    1,
    [
      'a.md:3:2: is odd',
      'a.md:1:2: warning: is odd (2 times)',
      '1 note not shown; --verbose lists them',
    ],
  ],
])('shows errors, and up to %i kinds of warnings', (warnings, expected) => {
  const findings = [
    finding('warning', 1),
    finding('warning', 2),
    finding('error', 3),
    finding('info', 4),
  ];
  expect(plain(summariseFindings(findings, { warnings }))).toEqual(expected);
});

test('what the source has broken already comes last', () => {
  const findings = [{ ...finding('warning', 1), data: { known: true } }, finding('warning', 2)];
  expect(plain(summariseFindings(findings, { warnings: 1 }))).toEqual([
    'a.md:2:2: warning: is odd',
    '1 warning not shown; --verbose lists them',
  ]);
});

test('nothing found is nothing said', () => {
  expect(summariseFindings([], { warnings: 1 })).toEqual([]);
});

test('a check that failed itself says why', () => {
  const report = createReport(
    [
      {
        check: { id: 'checksum', failureAction: 'block' },
        result: { findings: [finding('error', 1)], details: '0/1 files match' },
      },
      { check: { id: 'secret_scan', failureAction: 'block' }, result: { failure: 'out of luck' } },
    ],
    { ruleId: 'web', runAt: new Date(0), sourceVersion: 'v1' },
  );
  expect(plain(renderFailedChecks(report))).toEqual([
    'secret_scan: the check itself failed: out of luck',
  ]);
});

test('a line feed in the name of a file does not break the line', () => {
  const hostile = { ...finding('error', 3), path: 'a\norg/t  r  current.md' };
  expect(plain([renderFinding(hostile)])).toEqual(['a\\norg/t  r  current.md:3:2: is odd']);
});

test('31 alike warnings hide no other, and no error', () => {
  const alike = Array.from({ length: 31 }, (_, line) => ({
    ...finding('warning', line + 1),
    path: `${line % 4}.md`,
    message: `#${line} is missing`,
  }));
  const findings = [
    ...alike,
    { ...finding('warning', 1), ruleId: 'schema', message: 'is no number' },
    finding('error', 9),
  ];
  expect(plain(summariseFindings(findings, { warnings: 5 }))).toEqual([
    'a.md:9:2: is odd',
    '0.md:1:2: warning: #0 is missing',
    '1.md:2:2: warning: #1 is missing',
    '… 29 more of x; --verbose lists them',
    'a.md:1:2: warning: is no number',
  ]);
  expect(summariseFindings(findings, { warnings: 5, all: true })).toHaveLength(33);
});

test('what is found in many targets is said once', () => {
  const items = Array.from({ length: 100 }, (_, index) => ({
    target: `org/${index}`,
    findings: [finding('warning', 1), finding('error', 2)],
  }));
  expect(plain(summariseAcross(items, { warnings: 5 }))).toEqual([
    'a.md:1:2: warning: is odd (in 100 targets)',
  ]);
});
