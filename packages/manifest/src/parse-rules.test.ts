import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatLines as formatFindings } from '@holdfast/findings';
import { parseRules } from './parse-rules.js';
import type { LocatedRule } from './parse-rules.js';

const example = readFileSync(
  join(import.meta.dirname, '../test/fixtures/rules-spec-example/rules.yaml'),
  'utf8',
);

function parse(text: string): LocatedRule[] {
  const parsed = parseRules(text, { file: 'rules/webapp.yaml' });
  if (parsed.kind === 'invalid') throw new Error(formatFindings(parsed.findings));
  return parsed.value;
}

function explain(text: string): string {
  const parsed = parseRules(text, { file: 'rules/webapp.yaml' });
  return parsed.kind === 'invalid' ? formatFindings(parsed.findings) : 'parsed';
}

test('a wrong value is told as file:line:column, expected, got', () => {
  expect(explain(example.replace('strategy: copy', 'strategy: mirror'))).toBe(
    'rules/webapp.yaml:6:13: strategy must be copy, template or reference, got "mirror"',
  );
});

test('a rule knows its places', () => {
  const [located] = parse(`# a comment\n---\n${example}`);
  expect(located?.file).toBe('rules/webapp.yaml');
  expect(located?.range.start).toEqual({ line: 3, column: 1 });
  expect(located?.place('target_path')).toEqual({
    start: { line: 7, column: 16 },
    end: { line: 7, column: 44 },
  });
  expect(located?.place('filters', 'include', 1)?.start).toEqual({ line: 13, column: 9 });
  expect(located?.place('transforms', 1, 'rewrite_paths', 'to')?.start).toEqual({
    line: 20,
    column: 13,
  });
  expect(located?.place('transforms', 1, 'rewrite_paths', 0, 'to')?.start.line).toBe(20);
  expect(located?.place('labels')).toBeUndefined();
  expect(located?.place('filters', 'include', 7)).toBeUndefined();
  expect(located?.place('id', 'deeper')).toBeUndefined();
});

test('columns count UTF-16 units, and a byte order mark is no column', () => {
  expect(explain(`\ufeff{ "sync_rule": { "😀": 1 } }`)).toContain(
    'rules/webapp.yaml:1:18: unknown key "😀"',
  );
});

test('variables have no prototype', () => {
  const [located] = parse(`${example}  variables: { constructor: 1 }\n`);
  expect(Object.keys(located?.rule.variables ?? {})).toEqual(['constructor']);
  expect(located?.rule.variables['toString']).toBeUndefined();
});

test('a YAML 1.1 directive does not change what values mean', () => {
  const [located] = parse(`%YAML 1.1\n---\n${example}  variables: { answer: yes, mode: 0755 }\n`);
  expect(located?.rule.variables).toEqual({ answer: 'yes', mode: 755 });
});

describe('hostile texts are refused without delay or overflow', () => {
  test.each([
    [
      'nested flow',
      '['.repeat(500_000),
      'rules/webapp.yaml:1:65: the file must not be nested deeper than 64 levels',
    ],
    ['nested blocks', '- '.repeat(500_000), 'the file must not be nested deeper than 64 levels'],
    ['nested keys', '{a: '.repeat(200_000), 'the file must not be nested deeper than 64 levels'],
    [
      'too long',
      `#${'x'.repeat(1_048_576)}`,
      'rules/webapp.yaml:1:1: the file must not hold more than 1048576 characters, it has 1048577',
    ],
    [
      'many unknown keys',
      Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n'),
      'there are 19801 more findings from here on',
    ],
    [
      'many keys that look like known ones',
      `sync_rule:\n${Array.from({ length: 60_000 }, (_, index) => `  sourc${index}: 1`).join('\n')}`,
      'more findings from here on',
    ],
    [
      'one key again and again',
      'a: 1\n'.repeat(20_000),
      'there are 19801 more findings from here on',
    ],
    [
      'a chain of aliases',
      Array.from(
        { length: 20_000 },
        (_, index) => `k${index}: &k${index} [${index > 0 ? `*k${index - 1}` : ''}]`,
      ).join('\n'),
      'the aliases must not stand for more than 10000 values in all',
    ],
  ])('%s', (_, text, message) => {
    expect(explain(text)).toContain(message);
  });
});
