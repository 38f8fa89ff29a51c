import { rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createFleet, createSyncedFleet, guide, rule } from '../../test/sandbox.js';

describe('drift', () => {
  test('tells each target’s state, and exits with 1 when one drifted', async () => {
    await using sandbox = await createSyncedFleet();
    const clean = await sandbox.holdfast(['drift']);
    const commit = await sandbox.git(sandbox.path('source'), 'rev-parse', 'v1.0.0');
    expect(clean).toMatchObject({ exitCode: 0 });
    expect(clean.stdout).toBe(
      `org/api  api  IN_SYNC: ${commit} (v1.0.0, 2 files)\norg/web  web  IN_SYNC: ${commit} (v1.0.0, 2 files)\n`,
    );

    await sandbox.commit('api.git', 'Mine', {
      'standards/guide.md': guide('Mine.'),
      'standards/style.md': null,
    });
    const drifted = await sandbox.holdfast(['drift']);
    expect(drifted.exitCode).toBe(1);
    expect(drifted.stdout).toMatchInlineSnapshot(`
      "org/api  api  DRIFTED: 2 files since v1.0.0 (650efe2afc34)
          ~ standards/guide.md  stays; the next sync merges what upstream changes into it
          - standards/style.md  deleted; the next release brings it back
      org/web  web  IN_SYNC: 650efe2afc34a6b4c4a0d4607cbc1d70d15fa68e (v1.0.0, 2 files)

      To keep a file's own version for good, put it under .acme-overrides/.
      "
    `);
    const json = await sandbox.holdfast(['drift', '--json', '--target', 'org/api']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      holdfast: 1,
      command: 'drift',
      exitCode: 1,
      items: [
        {
          kind: 'drifted',
          target: 'org/api',
          drifted: [
            { path: 'standards/guide.md', state: 'modified' },
            { path: 'standards/style.md', state: 'missing' },
          ],
        },
      ],
    });
  });

  test('looks at manual rules too, and tells failures apart', async () => {
    await using sandbox = await createFleet();
    await sandbox.write({
      'source/rules/web.yaml': rule('web', 'org/web').replace('on_release', 'manual'),
    });
    await rm(sandbox.path('api.git'), { recursive: true });
    const { exitCode, stdout } = await sandbox.holdfast(['drift']);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^org\/api {2}api {2}FAILED\n {4}error: .*api\.git/);
    expect(stdout).toContain('org/web  web  NEVER_SYNCED\n');
  });
});

describe('status', () => {
  test('prints the registry', async () => {
    await using sandbox = await createSyncedFleet();
    await sandbox.holdfast(['sync', 'web']);
    await sandbox.commit('api.git', 'Mine', { 'standards/guide.md': guide('Mine.') });
    await sandbox.write({
      'source/rules/late.yaml': rule('late', 'org/web')
        .replace('standards/', 'late/')
        .replace('on_release', 'manual'),
    });
    const { exitCode, stdout } = await sandbox.holdfast(['status'], {
      now: '2026-01-10T00:00:00Z',
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "Repo     Sync Rule ID  Strategy  Frequency   Last Sync   Version  Status
      org/api  api           copy      on_release  2026-01-05  v1.0.0   Drifted (1 release behind, 1 file drifted)
      org/web  late          copy      manual      –           –        Never synced
      org/web  web           copy      on_release  2026-01-05  v1.0.0   Behind (by 1 release, request #2 is open since 2026-02-02)
      "
    `);
    const later = await sandbox.holdfast(['status', '--json', 'api'], {
      now: '2026-03-01T00:00:00Z',
    });
    expect(JSON.parse(later.stdout)).toMatchObject({
      command: 'status',
      rows: [
        {
          target: 'org/api',
          rule: 'api',
          status: 'Drifted',
          version: 'v1.0.0',
          releasesBehind: 1,
          drifted: 1,
        },
      ],
    });
  });

  test('shows a failed target with its error', async () => {
    await using sandbox = await createFleet();
    await rm(sandbox.path('web.git'), { recursive: true });
    const { exitCode, stdout } = await sandbox.holdfast(['status']);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/org\/web {2}web .* Failing\n/);
    expect(stdout).toMatch(/error: .*web\.git/);
  });
});

describe('why', () => {
  test('tells where a delivered file comes from, in each target that has it', async () => {
    await using sandbox = await createSyncedFleet();
    const { exitCode, stdout } = await sandbox.holdfast([
      'why',
      'standards/guide.md',
      '--target',
      'org/api',
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "standards/guide.md in org/api (main): as delivered
        source    acme/standards docs/guide.md at v1.0.0 (650efe2afc34)
        changed   2026-01-05 650efe2afc34 Begin
        rule      api (rules/api.yaml), strategy copy
        delivered 2026-01-05 ac91866650c2 sync(acme): Update docs from v1.0.0
        recorded  blob 0e4e3768a9cc0bc6c37e4731142bd9c52e24f927, mode 100644
                  sha256 1ab811fb6ec31ef4cf2f03b56f1ede041c8a98328f0e2357b6e255bcd53e07d6
      "
    `);
    const both = await sandbox.holdfast(['why', 'standards/guide.md', '--json']);
    expect(JSON.parse(both.stdout)).toMatchObject({
      command: 'why',
      items: [{ target: 'org/api', state: 'as-delivered' }, { target: 'org/web' }],
    });
  });

  test('tells that a file drifted, and what was never delivered', async () => {
    await using sandbox = await createSyncedFleet();
    await sandbox.commit('api.git', 'Mine', { 'standards/guide.md': guide('Mine.') });
    const drifted = await sandbox.holdfast(['why', 'standards/guide.md', '--target', 'org/api']);
    expect(drifted.exitCode).toBe(1);
    expect(drifted.stdout).toContain('drifted: changed since the last sync');
    const unknown = await sandbox.holdfast(['why', 'nope.md']);
    expect(unknown).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('nope.md was not delivered to any target'),
    });
  });
});

describe('verify', () => {
  test('derives everything again', async () => {
    await using sandbox = await createSyncedFleet();
    const { exitCode, stdout } = await sandbox.holdfast(['verify']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^org\/api {2}api {2}VERIFIED: 2 files of v1.0.0 \([0-9a-f]{12}\)\n/);
  });

  test('names what does not agree', async () => {
    await using sandbox = await createSyncedFleet();
    await sandbox.commit('api.git', 'Mine', { 'standards/guide.md': guide('Mine.') });
    const { exitCode, stdout } = await sandbox.holdfast(['verify', 'api']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^org\/api {2}api {2}DIFFERS: 1 disagreement in 2 files of v1.0.0/);
    expect(stdout).toContain(
      '! standards/guide.md  the target holds other bytes than the manifest records',
    );
  });
});
