import { expect, test } from 'vitest';
import { checkRules } from './check-rules.js';
import { formatLines as formatFindings } from '@holdfast/findings';
import { parseConfiguration } from './parse-configuration.js';
import { parseRules } from './parse-rules.js';

function check(...rules: string[]): string {
  const configuration = parseConfiguration('targets: { org/webapp: { url: ../webapp.git } }', {
    file: 'holdfast.yaml',
  });
  const located = rules.flatMap((rule, index) => {
    const text = `sync_rule: { source: core/**, strategy: copy, frequency: manual, ${rule} }`;
    const parsed = parseRules(text, { file: `rules/${index + 1}.yaml` });
    if (parsed.kind === 'invalid') throw new Error(formatFindings(parsed.findings));
    return parsed.value;
  });
  if (configuration.kind === 'invalid') throw new Error(formatFindings(configuration.findings));
  return formatFindings(checkRules(located, configuration.value));
}

test('rules that get along', () => {
  expect(
    check(
      'id: a, target_repo: org/webapp, target_path: a',
      'id: b, target_repo: org/webapp, target_path: b',
    ),
  ).toBe('');
});

test('two rules with one id, case aside', () => {
  const found = check(
    'id: all, target_repo: org/webapp, target_path: a',
    'id: ALL, target_repo: org/webapp, target_path: b',
  );
  expect(found).toBe('rules/2.yaml:1:70: id must be unique, "ALL" is already at rules/1.yaml:1:70');
});

test('an unknown target', () => {
  expect(check('id: a, target_repo: org/webap, target_path: a')).toBe(
    'rules/1.yaml:1:86: target_repo must be a target of the configuration, got "org/webap"; did you mean org/webapp?',
  );
  expect(check('id: a, target_repo: constructor, target_path: a')).toContain(
    'got "constructor"; add it to targets',
  );
});

test.each(['.holdfast-sync-state/x', '.Holdfast-Overrides'])('a target path in %s', (folder) => {
  expect(check(`id: a, target_repo: org/webapp, target_path: ${folder}`)).toContain(
    'target_path must not lie in',
  );
});

test('overrides that would share a folder', () => {
  const found = check(
    'id: a, target_repo: org/webapp, target_path: docs/a/, override_root: docs/a/',
    'id: b, target_repo: org/webapp, target_path: docs/b/, override_root: docs/b/',
    'id: c, target_repo: org/webapp, target_path: docs/b/, override_root: docs/b/',
  );
  expect(found.split('\n')[0]).toBe(
    'rules/2.yaml:1:111: warning: overrides of this rule and of a share .holdfast-overrides/; give one of them an override_root',
  );
});
