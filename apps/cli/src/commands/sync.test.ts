import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { configuration, createFleet, createSyncedFleet, guide, rule } from '../../test/sandbox.js';

test('opens a change request in each target, and a second run writes nothing', async () => {
  await using sandbox = await createFleet();
  const first = await sandbox.holdfast(['sync']);
  expect(first).toMatchObject({ exitCode: 0, stderr: '' });
  expect(first.stdout).toMatchInlineSnapshot(`
    "org/api  api  v1.0.0 (650efe2afc34) → main
      opened #1  sync(acme): Update docs from v1.0.0
      2 files added, 0 modified, 0 removed

    org/web  web  v1.0.0 (650efe2afc34) → main
      opened #1  sync(acme): Update docs from v1.0.0
      2 files added, 0 modified, 0 removed

    Sync: 2 targets: 2 opened.
    Look at one with: holdfast requests show org/api 1
    "
  `);
  expect(await sandbox.show('api.git', 'acme-sync/v1.0.0/api', 'standards/guide.md')).toBe(guide());

  const before = [await sandbox.refs('api.git'), await sandbox.refs('web.git')];
  const second = await sandbox.holdfast(['sync'], { now: '2026-03-01T00:00:00Z' });
  expect(second.exitCode).toBe(0);
  expect(second.stdout).toContain('Sync: 2 targets: 2 up to date.');
  expect([await sandbox.refs('api.git'), await sandbox.refs('web.git')]).toEqual(before);
});

test('says what is current, and what waits for someone', async () => {
  await using sandbox = await createSyncedFleet();
  await sandbox.commit('api.git', 'Be stricter', { 'standards/guide.md': guide('Write no code.') });
  await sandbox.holdfast(['sync', 'web']);
  await sandbox.holdfast(['requests', 'merge', 'org/web']);
  const { exitCode, stdout } = await sandbox.holdfast(['sync']);
  expect(exitCode).toBe(1);
  expect(stdout).toMatchInlineSnapshot(`
    "org/api  api  v1.1.0 (6fcc8098f8ee) → main
      opened #2  sync(acme): Update guide from v1.1.0
      0 files added, 1 modified, 0 removed, 1 conflict
        ! standards/guide.md  drifted; conflict: both sides changed the same lines (lines 3–7)
            <<<<<<< downstream
            Write no code.
            =======
            Write more tests.
            >>>>>>> acme/standards v1.1.0

    current, nothing to do: org/web

    Sync: 2 targets: 1 opened, 1 current.
    1 conflict to decide, each with: holdfast resolve PATH --target NAME --decision TEXT [--ours | --theirs | --file FILE]
    The first is: holdfast resolve standards/guide.md --target org/api --decision TEXT
    Look at one with: holdfast requests show org/api 2
    "
  `);
});

test('--dry-run plans, and writes nothing', async () => {
  await using sandbox = await createFleet();
  const before = await sandbox.refs('api.git');
  const { exitCode, stdout } = await sandbox.holdfast(['sync', '--dry-run', 'api']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('+ standards/guide.md');
  expect(await sandbox.refs('api.git')).toBe(before);
});

test('as JSON, says what was applied', async () => {
  await using sandbox = await createFleet();
  const { stdout } = await sandbox.holdfast(['sync', 'api', '--json']);
  const commit = await sandbox.git(sandbox.path('api.git'), 'rev-parse', 'acme-sync/v1.0.0/api');
  expect(JSON.parse(stdout)).toMatchObject({
    holdfast: 1,
    command: 'sync',
    exitCode: 0,
    outcome: 'synced',
    items: [
      {
        rule: 'api',
        target: 'org/api',
        kind: 'changed',
        counts: { added: 2 },
        applied: { outcome: 'opened', commit, request: { number: 1, state: 'open' } },
      },
    ],
  });
});

test('leaves a branch with commits of others alone, and says so', async () => {
  await using sandbox = await createFleet();
  await sandbox.holdfast(['sync', 'api']);
  await sandbox.commit(
    'api.git',
    'Mine',
    { 'standards/mine.md': 'Mine\n' },
    'acme-sync/v1.0.0/api',
  );
  const worked = await sandbox.holdfast(['sync', 'api']);
  expect(worked.exitCode).toBe(0);
  expect(worked.stdout).toContain('up to date #1');
  expect(worked.stdout).toContain('with commits of others');
  await sandbox.commit('api.git', 'Here', { 'standards/guide.md': guide() });
  const before = await sandbox.git(sandbox.path('api.git'), 'rev-parse', 'acme-sync/v1.0.0/api');
  const { exitCode, stdout } = await sandbox.holdfast(['sync', 'api']);
  expect(exitCode).toBe(1);
  expect(stdout).toContain(
    'left alone #1: acme-sync/v1.0.0/api bears commits that Holdfast did not make',
  );
  expect(await sandbox.git(sandbox.path('api.git'), 'rev-parse', 'acme-sync/v1.0.0/api')).toBe(
    before,
  );
});

test.each(['plan', 'sync'])('%s says that manual rules want to be named', async (command) => {
  await using sandbox = await createFleet();
  await sandbox.write({
    'source/rules/api.yaml': rule('api', 'org/api').replace('on_release', 'manual'),
    'source/rules/web.yaml': rule('web', 'org/web').replace('on_release', 'manual'),
  });
  const { exitCode, stdout } = await sandbox.holdfast([command]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('Rules of frequency manual run when they are named.\n');
});

test('respects a closed request', async () => {
  await using sandbox = await createFleet();
  await sandbox.holdfast(['sync', 'api']);
  await sandbox.holdfast(['requests', 'close', 'org/api', '--comment', 'Not now']);
  const { exitCode, stdout } = await sandbox.holdfast(['sync', 'api']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(
    'closed by someone #1; it stays closed. Open it again with: holdfast requests reopen org/api 1\n',
  );
});

test('says why it exits with 1 when nothing changes: conflict markers are left', async () => {
  await using sandbox = await createFleet();
  await sandbox.commit('api.git', 'Mine', { 'standards/guide.md': 'Mine.\n' });
  await sandbox.holdfast(['sync', 'api']);
  await sandbox.holdfast(['requests', 'merge', 'org/api', '--with-conflicts']);
  const { exitCode, stdout } = await sandbox.holdfast(['sync', 'api']);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^org\/api {2}api .*\n {4}! standards\/guide\.md {2}/);
  expect(stdout).not.toContain('nothing to do');
});

describe('a saved plan', () => {
  test('is applied as it is', async () => {
    await using sandbox = await createFleet();
    await sandbox.holdfast(['plan', '--out', 'plan.json']);
    const { exitCode, stdout } = await sandbox.holdfast(['sync', '--plan', 'plan.json']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Sync: 2 targets: 2 opened.');
  });

  test.each([
    ['configuration', { 'source/rules/api.yaml': rule('api', 'org/api', '  labels: [docs]\n') }],
    ['target', undefined],
    ['source', undefined],
  ] as const)('is refused when the %s has moved, and nothing is written', async (what, files) => {
    await using sandbox = await createFleet();
    await sandbox.holdfast(['plan', '--out', 'plan.json']);
    if (files) await sandbox.write(files);
    if (what === 'target') await sandbox.commit('api.git', 'On', { 'other.md': 'Other\n' });
    if (what === 'source') {
      await sandbox.commit('source', 'On', { 'docs/more.md': 'More\n' });
      await sandbox.git(sandbox.path('source'), 'tag', '--force', 'v1.0.0', 'main');
    }
    const before = [await sandbox.refs('api.git'), await sandbox.refs('web.git')];
    const { exitCode, stdout } = await sandbox.holdfast(['sync', '--plan', 'plan.json']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('The saved plan no longer holds; nothing was written.');
    expect(stdout).toMatch(new RegExp(`^  ${what}: `, 'm'));
    expect([await sandbox.refs('api.git'), await sandbox.refs('web.git')]).toEqual(before);
  });

  test.each([
    ['there is no file plan.json', undefined],
    ['expected a saved plan, got no JSON', 'no json'],
    ['expected a saved plan ("kind": "holdfast-plan")', '{}'],
    ['expected version 1, got 2', '{"kind":"holdfast-plan","version":2}'],
    ['its digest does not match', '{"kind":"holdfast-plan","version":1,"items":[]}'],
  ])('is refused: %s', async (message, text) => {
    await using sandbox = await createFleet();
    if (text !== undefined) await writeFile(sandbox.path('source/plan.json'), text);
    const { exitCode, stderr } = await sandbox.holdfast(['sync', '--plan', 'plan.json']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain('holdfast plan --out FILE');
  });

  test('names its rules itself', async () => {
    await using sandbox = await createFleet();
    const { exitCode, stderr } = await sandbox.holdfast(['sync', '--plan', 'plan.json', 'api']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('a saved plan names its rules itself');
  });
});

describe('the journal', () => {
  test('gets one line for each run', async () => {
    await using sandbox = await createFleet();
    await sandbox.holdfast(['sync']);
    await sandbox.holdfast(['sync', 'api']);
    const [file = '', ...others] = await readdir(sandbox.path('state/runs'));
    expect(others).toEqual([]);
    expect(file).toMatch(/^acme-standards-[0-9a-f]{12}\.jsonl$/);
    const lines = (await readFile(sandbox.path('state/runs', file), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      {
        version: 1,
        started: '2026-02-02T10:00:00.000Z',
        finished: '2026-02-02T10:00:00.000Z',
        outcome: 'synced',
        items: [
          expect.objectContaining({
            rule: 'api',
            target: 'org/api',
            planned: 'changed',
            version: 'v1.0.0',
            applied: 'opened',
            request: 1,
          }),
          expect.objectContaining({ rule: 'web' }),
        ],
      },
      expect.objectContaining({ items: [expect.objectContaining({ applied: 'unchanged' })] }),
    ]);
  });

  test('that cannot be written is a warning', async () => {
    await using sandbox = await createFleet();
    await sandbox.write({ state: 'a file in the way' });
    const { exitCode, stderr } = await sandbox.holdfast(['sync']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stderr)).toMatchObject({
      level: 'warn',
      msg: expect.stringContaining('could not be written'),
    });
  });
});

test('a target that fails does not stop the others', async () => {
  await using sandbox = await createFleet();
  await rm(sandbox.path('web.git'), { recursive: true });
  const { exitCode, stdout } = await sandbox.holdfast(['sync']);
  expect(exitCode).toBe(3);
  expect(stdout).toContain('opened #1');
  expect(stdout).toContain('org/web  web  failed');
  expect(stdout).toContain('Sync: 2 targets: 1 opened, 1 failed.');
});

test('a locked target fails with the lock’s name', async () => {
  await using sandbox = await createFleet();
  await mkdir(sandbox.path('web.git/refs/heads/acme-sync/v1.0.0'), { recursive: true });
  // Open, as git holds it: a lock that no process has open is taken away.
  await using _held = await open(
    sandbox.path('web.git/refs/heads/acme-sync/v1.0.0/web.lock'),
    'wx',
  );
  const { exitCode, stdout } = await sandbox.holdfast(['sync']);
  expect(exitCode).toBe(3);
  expect(stdout).toMatch(/error: .*web\.lock/);
  expect(stdout).toContain('1 opened, 1 failed');
});

test('a target by file URL is the repository there: no mirror, and no program of its own runs', async () => {
  await using sandbox = await createFleet();
  await sandbox.write({
    'source/holdfast.yaml': configuration.replace(
      '../api.git',
      `"file://${sandbox.path('api.git')}"`,
    ),
  });
  const { exitCode, stdout } = await sandbox.holdfast(['sync', 'api']);
  expect({ exitCode, opened: stdout.includes('opened #1') }).toEqual({ exitCode: 0, opened: true });
  expect(await sandbox.show('api.git', 'acme-sync/v1.0.0/api', 'standards/guide.md')).toBe(guide());
  const before = await sandbox.refs('api.git');
  expect((await sandbox.holdfast(['sync', 'api'])).stdout).toContain('1 up to date');
  expect(await sandbox.refs('api.git')).toBe(before);
  expect((await sandbox.holdfast(['requests', 'merge', 'org/api'])).exitCode).toBe(0);
  expect(await sandbox.show('api.git', 'main', 'standards/guide.md')).toBe(guide());
});

test('works with the embedded git', async () => {
  await using sandbox = await createFleet();
  const environment = { HOLDFAST_GIT: 'embedded', PATH: '/nowhere' };
  expect(await sandbox.holdfast(['sync'], { environment })).toMatchObject({ exitCode: 0 });
  const commit = await sandbox.git(sandbox.path('api.git'), 'rev-parse', 'acme-sync/v1.0.0/api');
  await sandbox.git(sandbox.path('api.git'), 'fsck', '--strict');
  await using other = await createFleet();
  await other.holdfast(['sync']);
  expect(await other.git(other.path('api.git'), 'rev-parse', 'acme-sync/v1.0.0/api')).toBe(commit);
});
