import { readFile, rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createSyncedFleet, guide } from '../../test/sandbox.js';

const soon = '2026-01-10T10:00:00Z';

test('check tells drift and staleness once, as records and as issues, and says when they are over', async () => {
  await using sandbox = await createSyncedFleet();
  const calm = await sandbox.holdfast(['check'], { now: soon });
  expect(calm).toMatchObject({ exitCode: 0, stdout: 'Nothing needs attention.\n' });

  await sandbox.commit('api.git', 'Mine', { 'standards/guide.md': guide('Mine.') });
  const now = '2026-03-20T10:00:00Z';
  const first = await sandbox.holdfast(['check', '--issues', '--alerts', 'alerts.jsonl'], { now });
  expect(first.exitCode).toBe(1);
  expect(first.stdout).toMatch(/^org\/api {2}api {2}staleness: \d+ days since the last sync, 14/);
  expect(first.stdout).toContain(
    'drift: 1 delivered file changed since v1.0.0\n    standards/guide.md',
  );
  expect(first.stdout).toContain('issue #1 opened: staleness api org/api');
  const [line = ''] = (await readFile(sandbox.path('source/alerts.jsonl'), 'utf8')).split('\n');
  expect(JSON.parse(line)).toMatchObject({
    sync_alert: { type: 'staleness', rule_id: 'api', target_repo: 'org/api', detected_at: now },
  });

  const again = await sandbox.holdfast(['check', '--issues'], { now: '2026-03-21T10:00:00Z' });
  expect(again.stdout).not.toContain('issue #');
  await sandbox.commit('api.git', 'Theirs', { 'standards/guide.md': guide() });
  const over = await sandbox.holdfast(['check', '--issues', '--json'], { now });
  const { issues } = JSON.parse(over.stdout) as { issues: { alerts: object[] }[] };
  expect(issues[0]?.alerts).toContainEqual({ id: 'drift api org/api', kind: 'closed' });
});

test('a target that cannot be reached is an alert, and the others are told all the same', async () => {
  await using sandbox = await createSyncedFleet();
  await rm(sandbox.path('api.git'), { recursive: true });
  const { exitCode, stdout } = await sandbox.holdfast(['check', '--json'], { now: soon });
  expect(exitCode).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({
    alerts: [{ type: 'failure', target_repo: 'org/api' }],
  });
});

test('status names who drifted, keeps its table between markers, and filters', async () => {
  await using sandbox = await createSyncedFleet();
  await sandbox.commit('api.git', 'Mine', { 'standards/guide.md': guide('Mine.') });
  await sandbox.write({
    'source/REGISTRY.md':
      '# Mine\n\n<!-- holdfast:status -->\nold\n<!-- /holdfast:status -->\n\nKept.\n',
  });
  const written = await sandbox.holdfast(['status', '--write', 'REGISTRY.md']);
  expect(written.exitCode).toBe(0);
  expect(await readFile(sandbox.path('source/REGISTRY.md'), 'utf8')).toMatchInlineSnapshot(`
    "# Mine

    <!-- holdfast:status -->

    | Repo | Sync Rule ID | Strategy | Frequency | Last Sync | Version | Status |
    | ---- | ------------ | -------- | --------- | --------- | ------- | ------ |
    | \`org/api\` | \`api\` | copy | on_release | 2026-01-05 | v1.0.0 | Drifted |
    | \`org/web\` | \`web\` | copy | on_release | 2026-01-05 | v1.0.0 | Stale |

    <!-- /holdfast:status -->

    Kept.
    "
  `);
  const only = await sandbox.holdfast([
    'status',
    '--only',
    'drifted',
    '--json',
    '--group-by',
    'status',
  ]);
  expect(JSON.parse(only.stdout)).toMatchObject({
    rows: [{ target: 'org/api', status: 'Drifted', driftedFiles: ['standards/guide.md'] }],
    groups: { Drifted: 1 },
  });
  const wrong = await sandbox.holdfast(['status', '--only', 'late']);
  expect(wrong).toMatchObject({ exitCode: 2 });
  expect(wrong.stderr).toContain('the statuses are: Failing, Conflict, Drifted');
});
