import { checkRules, parseConfiguration, parseRules, targetRules } from '@holdfast/manifest';
import { expect, test } from 'vitest';
import { importSyncFile } from './import-sync-file.js';

const options = { file: 'sync.yml', namespace: 'acme', branch: 'main' };

const file = `org/web@develop:
  - LICENSE.md
  - source: workflows/ci.yml
    dest: .github/workflows/build.yml
    replace: false
group:
  - repos: |
      org/api
      org/docs
    files:
      - source: shared/
        dest: config/
        exclude: |
          drafts/
          notes.md
        template:
          owner: platform
    branchSuffix: x
`;

test('repositories become targets, sources become rules that parse and hold together', () => {
  const { files, notes } = importSyncFile(file, options);
  const text = (path: string) => files.find((each) => each.path === path)!.text;
  const configuration = parseConfiguration(text('holdfast.yaml'), { file: 'holdfast.yaml' });
  const rules = parseRules(text('rules/imported.yaml'), { file: 'rules/imported.yaml' });
  if (configuration.kind !== 'parsed' || rules.kind !== 'parsed') throw new Error('invalid');
  expect(checkRules(rules.value, configuration.value)).toEqual([]);
  const applied = targetRules(rules.value, configuration.value).map(({ rule }) => [
    rule.target_repo,
    rule.source,
    rule.target_path,
    rule.strategy,
  ]);
  expect(applied).toEqual([
    ['org/web', 'LICENSE.md', '', 'copy'],
    ['org/web', 'workflows/ci.yml', '.github/workflows/', 'copy'],
    ['org/api', 'shared/**', 'config/', 'template'],
    ['org/docs', 'shared/**', 'config/', 'template'],
  ]);
  expect(rules.value[1]?.rule).toMatchObject({
    group: 'imported-1',
    transforms: [{ rename: { from: 'ci.yml', to: 'build.yml' } }],
  });
  expect(rules.value[2]?.rule).toMatchObject({
    filters: { exclude: ['shared/drafts/**', 'shared/notes.md'] },
    variables: { owner: 'platform' },
  });
  expect(configuration.value.targets['org/web']).toMatchObject({
    url: 'https://github.com/org/web.git',
    branch: 'develop',
    forge: 'github',
  });
  expect(notes.join('\n')).toMatch(/replace: false has no counterpart/);
  expect(notes.join('\n')).toMatch(/group 2: branchSuffix has no counterpart here/);
});

test.each([
  ['', 'it must be a mapping'],
  ['- a', 'it must be a mapping'],
  ['org/web: x', 'files must be a list'],
  ['group: { files: [a] }', 'repos names no repository'],
])('%j is refused: %s', (text, why) => {
  expect(() => importSyncFile(text, options)).toThrow(why);
});
