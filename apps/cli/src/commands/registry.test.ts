import { access, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { configuration, createSyncedFleet, rule } from '../../test/sandbox.js';

test('a repository is added by hand and copy first, with both folders, and then lives by its frequency', async () => {
  await using sandbox = await createSyncedFleet();
  await sandbox.repository('new.git');
  await sandbox.write({
    'source/holdfast.yaml': configuration.replace('targets:', '# who\ntargets:'),
  });
  const added = await sandbox.holdfast([
    ...['registry', 'add', 'org/new', '--rule', 'new-docs', '--url', '../new.git'],
    ...['--source', 'docs/**', '--target-path', 'standards'],
  ]);
  expect(added.stdout).toContain('org/new  added, branch main\n  written: rules/new-docs.yaml');
  expect(added.stdout).toContain('opened #1');
  expect(added.exitCode).toBe(0);
  const file = await readFile(sandbox.path('source/rules/new-docs.yaml'), 'utf8');
  expect(file).toContain('strategy: copy\n  frequency: manual\n');
  const written = await readFile(sandbox.path('source/holdfast.yaml'), 'utf8');
  expect(written).toContain('# who\ntargets:');
  expect(written).toContain('org/new: { url: ../new.git }');
  await sandbox.holdfast(['requests', 'merge', 'org/new']);
  const tree = await sandbox.git(sandbox.path('new.git'), 'ls-tree', '-r', '--name-only', 'main');
  expect(tree.split('\n')).toEqual([
    '.acme-overrides/.gitkeep',
    '.acme-sync-state/new-docs/manifest.json',
    'README.md',
    'standards/guide.md',
    'standards/style.md',
  ]);
  const status = await sandbox.holdfast(['status', 'new-docs', '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({
    rows: [{ target: 'org/new', frequency: 'manual', status: 'Current' }],
  });
});

test('a rule that lists its targets gets one more; nothing is written when something is wrong', async () => {
  await using sandbox = await createSyncedFleet();
  await sandbox.repository('new.git');
  await sandbox.repository('empty.git', {});
  await sandbox.write({
    'source/rules/web.yaml': rule('web', 'org/web').replace(
      'target_repo: org/web',
      'targets: [org/web] # us',
    ),
  });
  const add = ['registry', 'add', 'org/new', '--url', '../new.git', '--rule'];
  const before = await readFile(sandbox.path('source/holdfast.yaml'), 'utf8');
  for (const [args, words] of [
    [[...add, 'other'], 'there is no rule other yet'],
    [[...add, 'api'], 'does not list its targets'],
    [[...add.slice(0, 4), '../nowhere.git', '--rule', 'web'], 'nowhere.git'],
    [[...add.slice(0, 4), '../empty.git', '--rule', 'web'], 'has no commit yet'],
    [[...add, 'web', '--branch', 'gone'], 'has no branch gone'],
    [['registry', 'add', 'org/web', '--rule', 'web'], 'delivers to org/web already'],
    [['registry', 'add', '../evil', '--rule', 'web', '--url', '../new.git'], 'cannot be added'],
  ] as const) {
    const { exitCode, stderr } = await sandbox.holdfast(args);
    expect(stderr).toContain(words);
    expect(exitCode).toBeGreaterThan(1);
  }
  expect(await readFile(sandbox.path('source/holdfast.yaml'), 'utf8')).toBe(before);
  expect(await sandbox.holdfast([...add, 'web'])).toMatchObject({ exitCode: 0 });
  expect(await readFile(sandbox.path('source/rules/web.yaml'), 'utf8')).toContain(
    'targets: [ org/web, org/new ] # us',
  );
});

test('what is removed is archived as manual, and its files stay', async () => {
  await using sandbox = await createSyncedFleet();
  await sandbox.write({
    'source/holdfast.yaml': configuration.replace('rules/*.yaml', 'rules/**/*.yaml'),
    'source/rules/both.yaml': `${rule('web', 'org/web')}---\n${rule('late', 'org/web').replace('standards/', 'late/')}`,
  });
  await sandbox.git(sandbox.path('source'), 'rev-parse', 'HEAD');
  const { rm } = await import('node:fs/promises');
  await rm(sandbox.path('source/rules/web.yaml'));
  const one = await sandbox.holdfast(['registry', 'remove', 'late', '--json']);
  expect(JSON.parse(one.stdout)).toMatchObject({
    rules: [{ id: 'late', file: 'rules/archived/late.yaml' }],
    targets: [],
  });
  expect(await readFile(sandbox.path('source/rules/archived/late.yaml'), 'utf8')).toContain(
    'frequency: manual',
  );
  const removed = await sandbox.holdfast(['registry', 'remove', 'org/web']);
  expect(removed.stdout).toContain('org/web  is in the configuration no more');
  await expect(access(sandbox.path('source/rules/both.yaml'))).rejects.toThrow();
  const status = await sandbox.holdfast(['status', '--json']);
  expect(JSON.parse(status.stdout).rows).toMatchObject([{ target: 'org/api' }]);
  expect(await sandbox.show('web.git', 'main', 'standards/style.md')).toContain('Two spaces');
  const gone = await sandbox.holdfast(['registry', 'remove', 'org/web']);
  expect(gone.exitCode).toBe(2);
  expect(gone.stderr).toContain('is neither a target nor a rule');
});

test('a paused target gets nothing, says why, alerts nobody, and goes on where it was', async () => {
  await using sandbox = await createSyncedFleet();
  const pause = ['registry', 'pause', 'org/api', '--reason', 'Freeze before the launch'];
  expect((await sandbox.holdfast(pause)).exitCode).toBe(0);
  expect(await readFile(sandbox.path('source/holdfast.yaml'), 'utf8')).toContain(
    'org/api: { url: ../api.git, paused: { reason: Freeze before the launch } }',
  );
  const synced = await sandbox.holdfast(['sync']);
  expect(synced.stdout).toContain('org/api is paused: "Freeze before the launch"');
  expect(await sandbox.refs('api.git')).not.toContain('v1.1.0');
  const now = '2026-06-02T10:00:00Z';
  const status = await sandbox.holdfast(['status', '--json'], { now });
  expect(JSON.parse(status.stdout)).toMatchObject({
    rows: [
      { target: 'org/api', status: 'Paused', paused: { reason: 'Freeze before the launch' } },
      { target: 'org/web', status: 'Stale' },
    ],
  });
  const check = await sandbox.holdfast(['check', '--json'], { now });
  expect(JSON.parse(check.stdout).alerts).toMatchObject([{ target_repo: 'org/web' }]);
  const stray = await sandbox.holdfast(['registry', 'pause', 'org/api', '--rule', 'web']);
  expect(stray.stderr).toContain('no rule "web" delivers to org/api');
  expect((await sandbox.holdfast(['registry', 'resume', 'org/api'])).stdout).toContain('opened #2');
  expect(await readFile(sandbox.path('source/holdfast.yaml'), 'utf8')).not.toContain('paused');
});

test('thresholds: a target says more than its rule, and that more than the configuration', async () => {
  await using sandbox = await createSyncedFleet();
  const write = (config: string, ofRule: string, ofTarget: string) =>
    sandbox.write({
      'source/holdfast.yaml': `${configuration.replace('url: ../api.git', `url: ../api.git${ofTarget}`)}${config}`,
      'source/rules/api.yaml': rule('api', 'org/api', ofRule),
    });
  const stale = async () => {
    const { stdout } = await sandbox.holdfast(['status', 'api', '--json'], {
      now: '2026-01-16T09:00:00Z',
    });
    return JSON.parse(stdout).rows[0].status as string;
  };
  expect(await stale()).toBe('Behind');
  await write('thresholds: { days: 5 }\n', '', '');
  expect(await stale()).toBe('Stale');
  await write('thresholds: { days: 5 }\n', '  thresholds: { days: 90 }\n', '');
  expect(await stale()).toBe('Behind');
  await write('', '  thresholds: { days: 90 }\n', ', thresholds: { days: 5 }');
  expect(await stale()).toBe('Stale');
  for (const [key, value] of [
    ['days', 0],
    ['on_change_days', -1],
    ['releases', -1],
    ['failures', 1.5],
  ]) {
    await write(`thresholds: { ${key}: ${value} }\n`, '', '');
    const { exitCode, stderr } = await sandbox.holdfast(['status']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`thresholds.${key}`);
  }
});
