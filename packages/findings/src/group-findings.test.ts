import { expect, it } from 'vitest';
import { countFindings, groupFindings, sortFindings, type Finding } from './index.js';

const base: Finding = { ruleId: 'r', severity: 'warning', message: 'same', path: 'b.md' };

it('gathers equal findings across files, errors first', () => {
  const findings: Finding[] = [
    base,
    { ...base, path: 'a.md' },
    { ...base, message: 'other' },
    { ...base, severity: 'error' },
    { ...base, ruleId: 'q', severity: 'info' },
  ];
  const groups = groupFindings(findings).map(({ ruleId, severity, message, findings: all }) => [
    `${severity} ${ruleId} ${message}`,
    all.map(({ path }) => path),
  ]);
  expect(groups).toEqual([
    ['error r same', ['b.md']],
    ['warning r same', ['b.md', 'a.md']],
    ['warning r other', ['b.md']],
    ['info q same', ['b.md']],
  ]);
  expect(groupFindings(findings, { keyOf: ({ ruleId }) => ruleId })).toHaveLength(2);
  expect(countFindings(findings)).toEqual({ error: 1, warning: 3, info: 1 });
});

it('sorts by path, place, rule and message, the same on every machine', () => {
  const at = (line: number, column: number) => ({
    range: { start: { line, column }, end: { line, column } },
  });
  const sorted: Finding[] = [
    { ...base, path: 'B.md' },
    { ...base, path: 'a.md' },
    { ...base, path: 'a.md', ...at(2, 9) },
    { ...base, path: 'a.md', ...at(10, 1), ruleId: 'a' },
    { ...base, path: 'a.md', ...at(10, 1), message: 'first' },
    { ...base, path: 'a.md', ...at(10, 1), message: 'second' },
    { ...base, path: 'ä.md' },
  ];
  expect(sortFindings([...sorted].reverse())).toEqual(sorted);
});
