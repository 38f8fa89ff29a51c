import { expect, test } from 'vitest';
import { createSyncedFleet, guide, rule } from '../../test/sandbox.js';
import type { Sandbox } from '../../test/sandbox.js';

const back = ['rollback', 'org/api', '--to', 'v1.0.0', '--reason', 'CI fails: "schemas"'];

/** Delivers v1.1.0 to org/api, and merges it by `method`. */
async function createBroken(method: 'merge' | 'squash'): Promise<Sandbox> {
  const sandbox = await createSyncedFleet();
  await sandbox.holdfast(['sync', 'api']);
  await sandbox.holdfast(['requests', 'merge', 'org/api', '--method', method]);
  return sandbox;
}

test.each(['merge', 'squash'] as const)(
  'a %s is taken back, what people changed since is kept, and the log says why',
  async (method) => {
    await using sandbox = await createBroken(method);
    const mine = guide('Write more tests.').replace('Ship small.', 'Ship daily.');
    await sandbox.commit('api.git', 'Mine', { 'standards/guide.md': mine });
    const before = await sandbox.refs('api.git');
    const dry = await sandbox.holdfast([...back, '--dry-run', '--json']);
    expect(dry.exitCode).toBe(0);
    expect(await sandbox.refs('api.git')).toBe(before);

    const { exitCode, stdout } = await sandbox.holdfast(back);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('org/api  api  v1.1.0 → v1.0.0, taking back ');
    expect(stdout).toContain('standards/guide.md  taken back, later changes kept');
    expect(stdout).toContain('opened #3 on acme-sync/rollback/v1.0.0/api');
    await sandbox.holdfast(['requests', 'merge', 'org/api', '3']);
    expect(await sandbox.show('api.git', 'main', 'standards/guide.md')).toBe(
      guide().replace('Ship small.', 'Ship daily.'),
    );
    expect(await sandbox.show('api.git', 'main', 'DECISIONS.md')).toMatch(
      /^# Decisions\n\n## 2026-02-02: back from v1\.1\.0 to v1\.0\.0 sync state\n\n```yaml\nrollback:\n {2}date: "2026-02-02"\n {2}sync_version: "v1.1.0"\n {2}reverted_commit: "[0-9a-f]{7}"\n {2}reason: "CI fails: \\"schemas\\""\n {2}restored_to: "v1.0.0 sync state"\n {2}follow_up_issue: "standards#1"\n {2}logged_by: "Ada"\n```\n$/,
    );
  },
);

test('what was rolled back is not delivered again, until resume or a newer release', async () => {
  await using sandbox = await createBroken('merge');
  await sandbox.holdfast(back);
  await sandbox.holdfast(['requests', 'merge', 'org/api', '3']);
  const held = await sandbox.holdfast(['sync', 'api']);
  expect(held).toMatchObject({ exitCode: 0 });
  expect(held.stdout).toContain('was rolled back from v1.1.0');
  const status = await sandbox.holdfast(['status', 'api', '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({
    rows: [{ status: 'Paused', hold: { release: 'v1.1.0' } }],
  });
  expect((await sandbox.holdfast(back)).stdout).toContain('has v1.0.0 already');

  const resumed = await sandbox.holdfast(['registry', 'resume', 'org/api']);
  expect(resumed.stdout).toContain('#4');
  await sandbox.holdfast(['requests', 'close', 'org/api', '4']);
  await sandbox.commit('source', 'Mend', { 'docs/guide.md': guide('Write good tests.') });
  await sandbox.git(sandbox.path('source'), 'tag', 'v1.2.0');
  await sandbox.holdfast(['sync', 'api']);
  await sandbox.holdfast(['requests', 'merge', 'org/api']);
  const now = await sandbox.holdfast(['status', 'api', '--json']);
  expect(JSON.parse(now.stdout)).toMatchObject({
    rows: [{ status: 'Current', version: 'v1.2.0' }],
  });
});

test('a rollback is rolled back', async () => {
  await using sandbox = await createBroken('merge');
  await sandbox.holdfast(back);
  await sandbox.holdfast(['requests', 'merge', 'org/api', '3']);
  await sandbox.holdfast([
    'rollback',
    '--all',
    '--rule',
    'api',
    '--to',
    'v1.1.0',
    '--reason',
    'Fine',
  ]);
  await sandbox.holdfast(['requests', 'merge', 'org/api', '4']);
  expect(await sandbox.show('api.git', 'main', 'standards/guide.md')).toBe(
    guide('Write more tests.'),
  );
  const status = await sandbox.holdfast(['status', 'api', '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({ rows: [{ status: 'Current' }] });
});

test('conflicts are shown, and what was never delivered is refused', async () => {
  await using sandbox = await createBroken('merge');
  const mine = { 'standards/guide.md': guide('Write the most tests.') };
  await sandbox.commit('api.git', 'Mine', mine);
  const { exitCode, stdout } = await sandbox.holdfast([...back, '--json']);
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    items: [{ files: [{ path: 'standards/guide.md', kind: 'conflicted' }] }],
  });
  const unknown = await sandbox.holdfast(['rollback', 'org/api', '--to', 'v9', '--reason', 'x']);
  expect(unknown).toMatchObject({ exitCode: 2 });
  const never = await sandbox.holdfast(['rollback', 'org/web', '--to', 'v1.1.0', '--reason', 'x']);
  expect(never).toMatchObject({ exitCode: 2 });
  expect(never.stdout).toContain('it had: v1.0.0');
});

test('two rules of one target go back together, by one log, or one of them alone', async () => {
  await using sandbox = await createSyncedFleet();
  await sandbox.write({
    'source/rules/more.yaml': rule('more', 'org/api', '  group: extra\n').replace(
      'standards/',
      'more/',
    ),
  });
  for (const version of ['v1.0.0', 'v1.1.0']) {
    await sandbox.holdfast(['sync', 'api', 'more', '--release', version]);
    await sandbox.holdfast(['requests', 'merge', 'org/api', '--all']);
  }
  const reason = ['--to', 'v1.0.0', '--reason', 'Broken'];
  const alone = await sandbox.holdfast([
    'rollback',
    '--all',
    ...reason,
    '--group',
    'extra',
    '--json',
  ]);
  expect(JSON.parse(alone.stdout)).toMatchObject({
    items: [
      { rule: 'more', branch: 'acme-sync/rollback/v1.0.0/more', applied: { outcome: 'opened' } },
    ],
  });
  const both = await sandbox.holdfast(['rollback', 'org/api', ...reason, '--json']);
  const { items } = JSON.parse(both.stdout) as {
    items: { applied: { request: { number: number } }; issue: { number: number } }[];
  };
  expect(items).toMatchObject([
    { rule: 'api', branch: 'acme-sync/rollback/v1.0.0/api+more', issue: { number: 2 } },
    { rule: 'more', branch: 'acme-sync/rollback/v1.0.0/api+more', issue: { number: 1 } },
  ]);
  const number = String(items[0]?.applied.request.number);
  await sandbox.holdfast(['requests', 'merge', 'org/api', number]);
  const log = await sandbox.show('api.git', 'main', 'DECISIONS.md');
  expect(log.match(/follow_up_issue: "standards#[12]"/g)).toHaveLength(2);
  const unknown = await sandbox.holdfast(['rollback', '--all', ...reason, '--group', 'none']);
  expect(unknown.stderr).toContain('the groups are: extra');
});

test('a rollback that was closed is not told again, and one that is open is not made twice', async () => {
  await using sandbox = await createBroken('merge');
  await sandbox.holdfast(back);
  const refs = [await sandbox.refs('api.git'), await sandbox.refs('source')];
  expect((await sandbox.holdfast(back)).stdout).toContain('unchanged #3');
  expect([await sandbox.refs('api.git'), await sandbox.refs('source')]).toEqual(refs);
  await sandbox.holdfast(['requests', 'close', 'org/api', '3']);
  const source = await sandbox.refs('source');
  expect((await sandbox.holdfast(back)).stdout).toContain('declined #3');
  expect(await sandbox.refs('source')).toBe(source);
});
