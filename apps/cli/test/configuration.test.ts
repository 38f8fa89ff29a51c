import { execFileSync } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { readConfiguration } from '@holdfast/fleet';
import { expect, test } from 'vitest';
import { configuration, createFleet, createSandbox, rule } from './sandbox.js';

test('finds holdfast.yaml from a folder upward; rule files are named relative to it', async () => {
  await using sandbox = await createFleet();
  await mkdir(sandbox.path('source/docs/deep'), { recursive: true });
  const read = await readConfiguration(sandbox.path('source/docs/deep'), undefined);
  expect(read.folder).toBe(sandbox.path('source'));
  expect(read.rules.map(({ rule, file }) => [rule.id, file])).toEqual([
    ['api', 'rules/api.yaml'],
    ['web', 'rules/web.yaml'],
  ]);
});

test('takes a named configuration', async () => {
  await using sandbox = await createSandbox();
  await sandbox.write({
    'a/other.yaml': configuration,
    'a/rules/api.yaml': rule('api', 'org/api'),
  });
  const { folder, rules } = await readConfiguration(sandbox.folder, 'a/other.yaml');
  expect([folder, rules.length]).toEqual([sandbox.path('a'), 1]);
  await expect(readConfiguration(sandbox.folder, 'a')).rejects.toMatchObject({
    code: 'no-configuration',
    message: '--config: there is no file a',
  });
});

test('says everything that is wrong at once, each with its place', async () => {
  await using sandbox = await createFleet();
  await sandbox.write({
    'source/rules/api.yaml': rule('api', 'org/api', '  stragety: copy\n').replace(
      'strategy: copy',
      'strategy: mirror',
    ),
    'source/rules/web.yaml': `${rule('web', 'org/wbe')}---\n${rule('web', 'org/web')}`,
  });
  const { exitCode, stderr, stdout } = await sandbox.holdfast(['plan', '--json']);
  expect(exitCode).toBe(2);
  expect(stderr).toMatchInlineSnapshot(`
    "rules/api.yaml:6:13: strategy must be copy, template or reference, got "mirror"
    rules/api.yaml:8:3: unknown key "stragety" in sync_rule; did you mean strategy?
    rules/web.yaml:4:16: target_repo must be a target of the configuration, got "org/wbe"; did you mean org/web?
    rules/web.yaml:10:7: id must be unique, "web" is already at rules/web.yaml:2:7
    error: the configuration has 4 errors
    "
  `);
  expect(JSON.parse(stdout)).toMatchObject({
    error: {
      code: 'invalid-configuration',
      findings: [
        {
          ruleId: expect.any(String),
          path: 'rules/api.yaml',
          range: { start: { line: 6, column: 13 } },
        },
        {},
        {},
        {},
      ],
    },
  });
});

test('an unknown key of the configuration, with its place', async () => {
  await using sandbox = await createFleet();
  await sandbox.write({ 'source/holdfast.yaml': configuration.replace('namespace', 'name_space') });
  const { exitCode, stderr } = await sandbox.holdfast(['drift']);
  expect(exitCode).toBe(2);
  expect(stderr).toMatchInlineSnapshot(`
    "holdfast.yaml:2:1: unknown key "name_space" in the configuration; did you mean namespace?
    error: the configuration has 1 error
    "
  `);
});

test('a configuration of a newer Holdfast', async () => {
  await using sandbox = await createFleet();
  await sandbox.write({
    'source/holdfast.yaml': configuration.replace('version: 1', 'version: 2'),
  });
  const { exitCode, stderr } = await sandbox.holdfast(['drift']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('holdfast.yaml:1:10: version must be 1, got 2');
});

test('patterns that match no rule file', async () => {
  await using sandbox = await createFleet();
  await sandbox.write({
    'source/holdfast.yaml': configuration.replace('rules/*.yaml', 'rulez/*.yaml'),
  });
  const { exitCode, stderr } = await sandbox.holdfast(['plan']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('holdfast.yaml: rules matches no file: "rulez/*.yaml"');
});

test('a rule file that links out of the folder is refused, one that stays within is read', async () => {
  await using sandbox = await createFleet();
  await sandbox.write({
    'secret.yaml': rule('secret', 'org/api'),
    'source/more/extra.yaml': rule('extra', 'org/api'),
  });
  await symlink('../more/extra.yaml', sandbox.path('source/rules/extra.yaml'));
  const { rules } = await readConfiguration(sandbox.path('source'), undefined);
  expect(rules.map(({ rule }) => rule.id)).toEqual(['api', 'extra', 'web']);

  await symlink(sandbox.path('secret.yaml'), sandbox.path('source/rules/secret.yaml'));
  await symlink('../more', sandbox.path('source/rules/folder.yaml'));
  await symlink('nowhere.yaml', sandbox.path('source/rules/nowhere.yaml'));
  const { exitCode, stderr } = await sandbox.holdfast(['plan']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('rules/folder.yaml: is a symbolic link that leads to a folder');
  expect(stderr).toContain('rules/nowhere.yaml: is a symbolic link that leads nowhere');
  expect(stderr).toContain('rules/secret.yaml: is a symbolic link that leads out of the folder');
});

test.each([
  ['sync', '--plan'],
  ['plan', '--config'],
])('%s %s takes no device and no pipe, which may never end', async (command, option) => {
  await using sandbox = await createFleet();
  const pipe = sandbox.path('pipe');
  execFileSync('mkfifo', [pipe]);
  for (const file of ['/dev/zero', pipe]) {
    const { exitCode, stderr, stdout } = await sandbox.holdfast([command, option, file, '--json']);
    expect({ file, exitCode }).toEqual({ file, exitCode: 2 });
    expect(stderr).toContain('is no regular file');
    expect(JSON.parse(stdout)).toHaveProperty('error.code');
  }
});
