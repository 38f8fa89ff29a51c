import { expect, test } from 'vitest';
import { sortFindings } from '@holdfast/findings';
import { invalid } from './parsed.js';
import type { Finding } from '@holdfast/findings';
import { formatLines as formatFindings } from '@holdfast/findings';

function finding(path: string, line: number, severity: Finding['severity'] = 'error'): Finding {
  const place = { line, column: 3 };
  return {
    ruleId: 'x',
    severity,
    message: `message ${line}`,
    path,
    range: { start: place, end: place },
  };
}

test('one line for each finding', () => {
  const whole: Finding = { ruleId: 'x', severity: 'info', message: 'about the file', path: 'b' };
  expect(formatFindings([finding('a', 1), finding('a', 2, 'warning'), whole])).toBe(
    'a:1:3: message 1\na:2:3: warning: message 2\nb: info: about the file',
  );
  expect(formatFindings([])).toBe('');
});

test('findings are ordered by file and place', () => {
  const sorted = sortFindings([finding('b', 1), finding('a', 10), finding('a', 9)]);
  expect(sorted.map(({ path, range }) => `${path}:${range?.start.line}`)).toEqual([
    'a:9',
    'a:10',
    'b:1',
  ]);
});

test('a report without end is cut, and says so', () => {
  const parsed = invalid(Array.from({ length: 500 }, (_, index) => finding('a', index + 1)));
  expect(parsed.kind === 'invalid' && parsed.findings).toHaveLength(201);
  expect(parsed.kind === 'invalid' && parsed.findings.at(-1)).toMatchObject({
    ruleId: 'too-many-findings',
    message: 'there are 300 more findings from here on',
    data: { rest: 300 },
  });
});
