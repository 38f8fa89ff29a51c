import { rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createFleet, createSyncedFleet, guide } from '../../test/sandbox.js';

describe('requests list', () => {
  test('lists the open requests of all targets, or what is asked for', async () => {
    await using sandbox = await createSyncedFleet();
    await sandbox.holdfast(['sync', 'api']);
    const open = await sandbox.holdfast(['requests', 'list']);
    expect(open).toMatchObject({ exitCode: 0 });
    expect(open.stdout).toMatchInlineSnapshot(`
      "Repo     No  State  Title                                 Branch
      org/api  #2  open   sync(acme): Update guide from v1.1.0  acme-sync/v1.1.0/api → main
      "
    `);
    const all = await sandbox.holdfast(['requests', 'list', '--state', 'all', '--json']);
    expect(JSON.parse(all.stdout)).toMatchObject({
      holdfast: 1,
      command: 'requests list',
      targets: [
        {
          target: 'org/api',
          requests: [
            { number: 2, state: 'open' },
            { number: 1, state: 'merged' },
          ],
        },
        { target: 'org/web', requests: [{ number: 1, state: 'merged' }] },
      ],
    });
    const none = await sandbox.holdfast(['requests', 'list', 'org/web']);
    expect(none.stdout).toBe('No open change request.\n');
  });

  test('shows the others when one target fails', async () => {
    await using sandbox = await createFleet();
    await sandbox.holdfast(['sync']);
    await rm(sandbox.path('web.git'), { recursive: true });
    const { exitCode, stdout } = await sandbox.holdfast(['requests', 'list']);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('org/api  #1  open');
    expect(stdout).toMatch(/org\/web\n {4}error: /);
  });
});

test('requests show prints the text, the files and the comments', async () => {
  await using sandbox = await createFleet();
  await sandbox.holdfast(['sync', 'api']);
  await sandbox.holdfast(['requests', 'close', 'org/api', '--comment', 'Not now.\n\nLater.']);
  const { exitCode, stdout } = await sandbox.holdfast(['requests', 'show', 'org/api', '#1']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^org\/api #1 {2}closed {2}sync\(acme\): Update docs from v1.0.0\n/);
  expect(stdout).toContain('  **Sync rule:** api\n');
  expect(stdout).toContain(
    'Files\n  + .acme-sync-state/api/manifest.json\n  + standards/guide.md\n    @@ -0,0 +1,7 @@\n    +# Guide\n',
  );
  expect(stdout).toMatch(/Ada, 2026-02-02\n {2}Not now.\n\n {2}Later.\n$/);
});

describe('requests merge, close, reopen', () => {
  test('merge merges as the flag says', async () => {
    await using sandbox = await createFleet();
    await sandbox.holdfast(['sync', 'api']);
    const { exitCode, stdout } = await sandbox.holdfast([
      'requests',
      'merge',
      'org/api',
      '1',
      '--method',
      'squash',
    ]);
    const commit = await sandbox.git(sandbox.path('api.git'), 'rev-parse', 'main');
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: `org/api #1 merged into main as ${commit.slice(0, 12)}  sync(acme): Update docs from v1.0.0\n`,
    });
    expect(
      await sandbox.git(sandbox.path('api.git'), 'log', '-1', '--format=%cn %p', 'main'),
    ).toMatch(/^Ada \w+$/);
    const again = await sandbox.holdfast(['requests', 'merge', 'org/api', '1']);
    expect(again).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('#1 of org/api is merged'),
    });
  });

  test('merge merges what both branches changed in different places, and names conflicts', async () => {
    await using sandbox = await createSyncedFleet();
    await sandbox.holdfast(['sync']);
    await sandbox.commit('api.git', 'Ship', {
      'standards/guide.md': guide().replace('small', 'often'),
    });
    await sandbox.commit('web.git', 'No', { 'standards/guide.md': guide('Write no code.') });
    expect(await sandbox.holdfast(['requests', 'merge', 'org/api'])).toMatchObject({ exitCode: 0 });
    expect(await sandbox.show('api.git', 'main', 'standards/guide.md')).toBe(
      guide('Write more tests.').replace('small', 'often'),
    );
    const { exitCode, stdout } = await sandbox.holdfast(['requests', 'merge', 'org/web']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      'org/web #2 cannot be merged: both branches changed\n  ! standards/guide.md\n',
    );
  });

  test('a closed request is reopened, and only then', async () => {
    await using sandbox = await createFleet();
    await sandbox.holdfast(['sync', 'api']);
    const refused = await sandbox.holdfast(['requests', 'reopen', 'org/api', '1']);
    expect(refused).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('#1 of org/api is open already'),
    });
    expect((await sandbox.holdfast(['requests', 'close', 'org/api'])).stdout).toContain(
      'org/api #1 closed',
    );
    expect((await sandbox.holdfast(['requests', 'close', 'org/api', '1'])).stderr).toContain(
      'is closed already',
    );
    const { exitCode, stdout } = await sandbox.holdfast(['requests', 'reopen', 'org/api', '1']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('org/api #1 reopened');
  });

  test.each([
    [
      ['merge', 'org/nope'],
      'the configuration has no target "org/nope"',
      'the targets are: org/api, org/web',
    ],
    [
      ['merge', 'org/api', '7'],
      'org/api has no change request #7',
      'requests list org/api --state all',
    ],
    [
      ['show', 'org/api'],
      'org/api has no open change request',
      'requests list org/api --state all',
    ],
  ])('%j', async (args, message, hint) => {
    await using sandbox = await createFleet();
    const { exitCode, stderr } = await sandbox.holdfast(['requests', ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });

  test('without a number, several open requests are too many', async () => {
    await using sandbox = await createFleet();
    await sandbox.write({
      'source/rules/more.yaml': `sync_rule: { id: more, source: "docs/**", target_repo: org/api, target_path: more/, strategy: copy, frequency: on_release }`,
    });
    await sandbox.holdfast(['sync']);
    const { exitCode, stderr } = await sandbox.holdfast(['requests', 'merge', 'org/api']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('org/api has 2 open change requests; name one');
    expect(stderr).toMatch(/hint: they are: #2 .*; #1 /);
  });
});

describe('merge --all', () => {
  test('merges every open request, and tells of those that it leaves', async () => {
    await using sandbox = await createFleet();
    await sandbox.commit('web.git', 'Ours', { 'standards/guide.md': guide('Test by hand.') });
    await sandbox.holdfast(['sync']);
    const listed = await sandbox.holdfast(['requests', 'list']);
    expect(listed.stdout).toMatch(/org\/web .*\(1 conflict\)/);

    const { exitCode, stdout } = await sandbox.holdfast(['requests', 'merge', '--all', '--json']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      results: [
        { target: 'org/api', number: 1, outcome: 'merged', commit: expect.any(String) },
        {
          target: 'org/web',
          number: 1,
          outcome: 'left',
          reason: 'conflicts are to decide',
          paths: ['standards/guide.md'],
        },
      ],
    });
    expect(await sandbox.show('api.git', 'main', 'standards/guide.md')).toBe(guide());
  });

  test('with --only-green, in one target, merges what the forge calls ready', async () => {
    await using sandbox = await createFleet();
    await sandbox.holdfast(['sync']);
    await sandbox.commit('api.git', 'In the way', { 'standards/guide.md': '# Another\n' });
    const args = ['requests', 'merge', '--all', '--only-green'];
    const api = await sandbox.holdfast([...args, 'org/api']);
    expect([api.exitCode, api.stdout]).toEqual([1, expect.stringContaining('it is conflicted')]);
    const web = await sandbox.holdfast([...args, 'org/web']);
    expect([web.exitCode, web.stdout]).toEqual([0, expect.stringContaining('1 merged.')]);
  });

  test.each([
    [['org/api', '1', '--all'], 'takes no number'],
    [['org/api', '--only-green'], '--only-green chooses among all'],
    [[], 'the request of which target?'],
  ])('requests merge %j is refused', async (args, message) => {
    await using sandbox = await createFleet();
    const { exitCode, stderr } = await sandbox.holdfast(['requests', 'merge', ...args]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

test('show --stat names the files without their differences, and long ones are left out', async () => {
  await using sandbox = await createSyncedFleet();
  const long = Array.from({ length: 900 }, (_, line) => `line ${line}\n`).join('');
  await sandbox.commit('source', 'Much', { 'docs/a.md': long.slice(0, 3000), 'docs/b.md': long });
  await sandbox.git(sandbox.path('source'), 'tag', 'v1.2.0');
  await sandbox.holdfast(['sync', 'api']);
  const shown = await sandbox.holdfast(['requests', 'show', 'org/api']);
  expect(shown.stdout).toContain('+line 1\n');
  expect(shown.stdout.split('\n').length).toBeLessThan(800);
  const stat = await sandbox.holdfast(['requests', 'show', 'org/api', '--stat']);
  expect(stat.stdout).toContain('+ standards/b.md');
  expect(stat.stdout).not.toContain('+line 1');
});

test('a name that is not known gets the one that was meant', async () => {
  await using sandbox = await createFleet();
  for (const words of [
    ['plan', '--target', 'org/wbe'],
    ['requests', 'show', 'org/wbe'],
  ]) {
    const { exitCode, stderr } = await sandbox.holdfast(words);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('did you mean org/web?')]);
  }
});
