import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { configuration, createFleet, createSyncedFleet, guide, rule } from '../../test/sandbox.js';
import type { Sandbox } from '../../test/sandbox.js';

interface PlanDocument {
  readonly items: readonly {
    kind: string;
    rule: string;
    files?: { path: string }[];
    error?: object;
  }[];
}

async function planJson(
  sandbox: Sandbox,
  ...args: string[]
): Promise<{ exitCode: number } & PlanDocument> {
  const { stdout } = await sandbox.holdfast(['plan', '--json', ...args]);
  return JSON.parse(stdout) as { exitCode: number } & PlanDocument;
}

test('shows what would change, and writes nothing', async () => {
  await using sandbox = await createFleet();
  const before = await sandbox.refs('api.git');
  const { exitCode, stdout, stderr } = await sandbox.holdfast(['plan']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatchInlineSnapshot(`
    "org/api  api  v1.0.0 (650efe2afc34) → main  to change
      sync(acme): Update docs from v1.0.0
      branch acme-sync/v1.0.0/api
        + standards/guide.md
        + standards/style.md

    org/web  web  v1.0.0 (650efe2afc34) → main  to change
      sync(acme): Update docs from v1.0.0
      branch acme-sync/v1.0.0/web
        + standards/guide.md
        + standards/style.md

    Plan: 2 targets: 2 to change, 0 current. 4 files added, 0 modified, 0 removed.
    Apply it with: holdfast sync
    "
  `);
  expect(await sandbox.refs('api.git')).toBe(before);
});

test('tells apart what upstream changed, what downstream changed, and conflicts', async () => {
  await using sandbox = await createSyncedFleet();
  await sandbox.commit('api.git', 'Be stricter', { 'standards/guide.md': guide('Write no code.') });
  await sandbox.commit('web.git', 'Ship', {
    'standards/guide.md': guide().replace('small', 'often'),
  });
  await sandbox.commit('source', 'Drop the style', {
    'docs/style.md': null,
    'docs/new.md': '# New\n',
  });
  await sandbox.git(sandbox.path('source'), 'tag', 'v1.2.0');
  const { exitCode, stdout } = await sandbox.holdfast(['plan']);
  expect(exitCode).toBe(1);
  expect(stdout).toMatchInlineSnapshot(`
    "org/api  api  v1.2.0 (edfa44539674) → main  to change
      sync(acme): Update docs from v1.2.0
      branch acme-sync/v1.2.0/api
        ! standards/guide.md  drifted; conflict: both sides changed the same lines (lines 3–7)
            <<<<<<< downstream
            Write no code.
            =======
            Write more tests.
            >>>>>>> acme/standards v1.2.0
        + standards/new.md
        - standards/style.md

    org/web  web  v1.2.0 (edfa44539674) → main  to change
      sync(acme): Update docs from v1.2.0
      branch acme-sync/v1.2.0/web
        ~ standards/guide.md  merged with the change made downstream
        + standards/new.md
        - standards/style.md

    Plan: 2 targets: 2 to change, 0 current. 2 files added, 2 modified, 2 removed, 1 conflict.
    Apply it with: holdfast sync
    "
  `);
});

test('with --diff, shows the changes line by line', async () => {
  await using sandbox = await createSyncedFleet();
  await sandbox.commit('source', 'More', {
    'docs/style.md': null,
    'docs/logo.png': Uint8Array.of(0, 1),
  });
  const { stdout } = await sandbox.holdfast(['plan', 'api', '--ref', 'main', '--diff']);
  expect(stdout).toMatchInlineSnapshot(`
    "org/api  api  main-fe9744c (fe9744cb9d35) → main  to change
      sync(acme): Update docs from main-fe9744c
      branch acme-sync/main-fe9744c/api
        ~ standards/guide.md
            @@ -1,6 +1,6 @@
             # Guide
             
            -Write tests.
            +Write more tests.
             
             Be kind.
        + standards/logo.png
            Binary files /dev/null and b/standards/logo.png differ
        - standards/style.md
            @@ -1,3 +0,0 @@
            -# Style
            -
            -Two spaces.

    Plan: 1 target: 1 to change, 0 current. 1 file added, 1 modified, 1 removed.
    Apply it with: holdfast sync api --ref main
    "
  `);
});

test('tells what the transforms did, and what cannot be reversed', async () => {
  await using sandbox = await createFleet();
  await sandbox.commit('source', 'Link', {
    'docs/guide.md': '[style](style.md) [gone](../README.md)\n',
    'README.md': 'x\n',
  });
  await sandbox.git(sandbox.path('source'), 'tag', 'v1.1.0');
  await sandbox.write({
    'source/rules/api.yaml': rule(
      'api',
      'org/api',
      '  transforms:\n    - strip_internal_links: true\n',
    ),
  });
  const { stdout } = await sandbox.holdfast(['plan', 'api']);
  expect(stdout).toContain('  through links: 1 link stripped\n');
  expect(stdout).toContain('  1 file cannot be reversed: links\n');
  const { items } = await planJson(sandbox, 'api');
  expect(items).toMatchObject([{ transforms: { links: { stripped: 1 } } }]);
});

test('folds what is current, and lists no files, when there are many targets', async () => {
  await using sandbox = await createFleet();
  const names = Array.from({ length: 12 }, (_, index) => `t${String(index).padStart(2, '0')}`);
  for (const name of names) await sandbox.repository(`${name}.git`);
  await sandbox.write({
    'source/holdfast.yaml': `${configuration}${names.map((name) => `  org/${name}: { url: ../${name}.git }\n`).join('')}`,
    'source/rules/many.yaml': names.map((name) => rule(name, `org/${name}`)).join('---\n'),
  });
  await sandbox.holdfast(['sync', 't00', 't01']);
  await sandbox.holdfast(['requests', 'merge', 'org/t00']);
  await sandbox.holdfast(['requests', 'merge', 'org/t01']);
  const { stdout } = await sandbox.holdfast(['plan', ...names.slice(0, 11)]);
  expect(stdout).not.toContain('standards/guide.md');
  expect(stdout).toContain(`Apply it with: holdfast sync ${names.slice(0, 11).join(' ')}\n`);
  expect(stdout).toContain('current, nothing to do: org/t00, org/t01\n');
  expect(stdout).toContain(
    'Plan: 11 targets: 9 to change, 2 current. 18 files added, 0 modified, 0 removed.',
  );
});

test('as JSON, holds no content, and the hunks of a conflict neither', async () => {
  await using sandbox = await createSyncedFleet();
  await sandbox.commit('api.git', 'Be stricter', { 'standards/guide.md': guide('Write no code.') });
  const { stdout } = await sandbox.holdfast(['plan', '--json', 'api']);
  expect(stdout).not.toContain('Write');
  expect(JSON.parse(stdout)).toMatchObject({
    holdfast: 1,
    command: 'plan',
    exitCode: 1,
    items: [
      {
        kind: 'changed',
        rule: 'api',
        target: 'org/api',
        source: { name: 'acme/standards', ref: 'v1.1.0', version: 'v1.1.0' },
        counts: { conflicted: 1, unchanged: 1 },
        files: [
          {
            path: 'standards/guide.md',
            kind: 'conflicted',
            drifted: true,
            conflict: { kind: 'content', ranges: [{ start: 3, end: 7 }] },
          },
        ],
        request: { branch: 'acme-sync/v1.1.0/api', base: 'main', autoMerge: false },
        validation: { rule_id: 'api', overall: expect.any(String) },
      },
    ],
  });
});

test('selects by rule, target, release and revision', async () => {
  await using sandbox = await createSyncedFleet();
  expect((await planJson(sandbox, 'web')).items.map(({ rule }) => rule)).toEqual(['web']);
  expect((await planJson(sandbox, '--target', 'org/api')).items.map(({ rule }) => rule)).toEqual([
    'api',
  ]);
  const both = await planJson(sandbox, '--target', 'org/api', '--target', 'org/web');
  expect(both.items.map(({ rule }) => rule).sort()).toEqual(['api', 'web']);
  expect((await planJson(sandbox, '--release', 'v1.0.0')).items[0]).toMatchObject({
    kind: 'current',
  });
  const commit = await sandbox.git(sandbox.path('source'), 'rev-parse', 'main');
  expect((await planJson(sandbox, '--ref', commit)).items[0]).toMatchObject({
    source: { ref: commit, commit, version: commit.slice(0, 7) },
  });
});

describe('wrong input', () => {
  test.each([
    [['nope'], 'no rule has the id "nope"', 'the rules are: api, web'],
    [
      ['--target', 'org/nope'],
      'no rule delivers to "org/nope"',
      'the targets are: org/api, org/web',
    ],
    [['--release', 'v9'], 'the source has no release "v9"', 'the newest releases are: v1.0.0'],
    [['--ref', 'nope'], 'the source has no revision "nope"', 'name a branch, a tag or a commit id'],
  ])('%j', async (args, message, hint) => {
    await using sandbox = await createFleet();
    const { exitCode, stderr, stdout } = await sandbox.holdfast(['plan', ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(`error: ${message}`);
    expect(stderr).toContain(`hint: ${hint}`);
  });

  test('a source without a release', async () => {
    await using sandbox = await createFleet();
    await sandbox.git(sandbox.path('source'), 'tag', '--delete', 'v1.0.0');
    const { exitCode, stdout } = await sandbox.holdfast(['plan']);
    expect(exitCode).toBe(2);
    expect(stdout).toContain('the source has no release: no tag matches "v*"');
    expect(stdout).toContain('hint: tag a commit of the source');
  });

  test('a source that is no repository, or empty', async () => {
    await using sandbox = await createFleet();
    await sandbox.write({
      'source/holdfast.yaml': configuration.replace('repo: .', 'repo: ../nope'),
    });
    expect(await sandbox.holdfast(['plan'])).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('nope'),
    });
    await sandbox.repository('void.git', {});
    await sandbox.write({
      'source/holdfast.yaml': configuration.replace('repo: .', 'repo: ../void.git'),
    });
    const { exitCode, stdout } = await sandbox.holdfast(['plan']);
    expect(exitCode).toBe(2);
    expect(stdout).toContain('the source has no release');
  });

  test('two rules that deliver to one path', async () => {
    await using sandbox = await createFleet();
    await sandbox.write({ 'source/rules/web.yaml': rule('web', 'org/api') });
    const { exitCode, stdout } = await sandbox.holdfast(['plan']);
    expect(exitCode).toBe(2);
    expect(stdout).toContain('both deliver to standards/guide.md of org/api');
    expect(stdout).toMatch(/error: rules\/(api|web)\.yaml:5:16: /);
  });

  test('a glob that matches nothing is said, with its place', async () => {
    await using sandbox = await createFleet();
    await sandbox.write({
      'source/rules/web.yaml': rule('web', 'org/web').replace('docs/**', 'dosc/**'),
    });
    const { stdout } = await sandbox.holdfast(['plan', 'web']);
    expect(stdout).toContain('rules/web.yaml:3:11: warning: web delivers nothing of v1.0.0');
  });
});

describe('one bad target does not stop the rest', () => {
  const cases: [
    name: string,
    exitCode: number,
    message: RegExp,
    spoil: (sandbox: Sandbox) => Promise<unknown>,
  ][] = [
    [
      'missing',
      3,
      /org\/web {2}web {2}failed\n.*web\.git/,
      (sandbox) => rm(sandbox.path('web.git'), { recursive: true }),
    ],
    [
      'empty',
      3,
      /web {2}failed/,
      async (sandbox) => {
        await rm(sandbox.path('web.git'), { recursive: true });
        await sandbox.repository('web.git', {});
      },
    ],
    [
      'without the branch',
      2,
      /no branch trunk/,
      (sandbox) =>
        sandbox.write({
          'source/holdfast.yaml': configuration.replace('../web.git', '../web.git, branch: trunk'),
        }),
    ],
    [
      'corrupt',
      3,
      /web {2}failed/,
      async (sandbox) => {
        const tree = await sandbox.git(sandbox.path('web.git'), 'rev-parse', 'main^{tree}');
        const path = sandbox.path('web.git/objects', tree.slice(0, 2), tree.slice(2));
        await chmod(path, 0o644);
        await writeFile(path, 'garbage');
      },
    ],
    [
      'on a server that is not there',
      3,
      /127\.0\.0\.1:9\/web\.git: the remote could not be reached/,
      (sandbox) =>
        sandbox.write({
          'source/holdfast.yaml': configuration.replace('../web.git', 'http://127.0.0.1:9/web.git'),
        }),
    ],
    [
      'with a damaged manifest',
      3,
      /manifest\.json/,
      (sandbox) =>
        sandbox.commit('web.git', 'Damage', {
          '.acme-sync-state/web/manifest.json': '{ "version": 1, ',
        }),
    ],
    [
      'with a manifest of a newer version',
      3,
      /manifest\.json.*newer Holdfast/s,
      (sandbox) =>
        sandbox.commit('web.git', 'Newer', {
          '.acme-sync-state/web/manifest.json': '{ "version": 2 }\n',
        }),
    ],
  ];
  test.each(cases)('%s', async (_name, exitCode, message, spoil) => {
    await using sandbox = await createFleet();
    await spoil(sandbox);
    const result = await sandbox.holdfast(['plan']);
    expect(result.stdout).toMatch(message);
    expect(result.stdout).toContain('org/api  api  v1.0.0');
    expect(result.stdout).toContain('1 to change, 0 current, 1 failed');
    expect(result.exitCode).toBe(exitCode);
    expect(result.stdout + result.stderr).not.toContain('bug in Holdfast');
  });
});

describe('a saved plan', () => {
  test('is small, and says how to apply it', async () => {
    await using sandbox = await createFleet();
    const { exitCode, stdout } = await sandbox.holdfast(['plan', '--out', 'plan.json']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Apply it with: holdfast sync --plan plan.json');
    const saved = await readFile(sandbox.path('source/plan.json'), 'utf8');
    expect(JSON.parse(saved)).toMatchObject({
      kind: 'holdfast-plan',
      version: 1,
      items: [{ rule: 'api' }, { rule: 'web' }],
    });
    expect(saved).not.toContain('Write tests');
  });

  test.each(['gone/plan.json', '..'])('is not written to %s', async (out) => {
    await using sandbox = await createFleet();
    const { exitCode, stdout, stderr } = await sandbox.holdfast(['plan', '--out', out]);
    expect(exitCode).toBe(2);
    expect(stdout).toContain('Apply it with: holdfast sync\n');
    expect(stderr).toContain(`error: --out: ${out} is no place for a file\nhint: name a file`);
  });

  test('is not made of what cannot be applied', async () => {
    await using sandbox = await createFleet();
    await rm(sandbox.path('web.git'), { recursive: true });
    const { exitCode, stdout, stderr } = await sandbox.holdfast(['plan', '--out', 'plan.json']);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('org/web  web  failed');
    expect(stderr).toContain('the plan cannot be saved');
    await expect(readFile(sandbox.path('source/plan.json'))).rejects.toThrow('ENOENT');
  });
});

test('a tag that moved is refused, and accepted when asked', async () => {
  await using sandbox = await createSyncedFleet();
  await sandbox.git(sandbox.path('source'), 'tag', '--force', 'v1.0.0', 'main');
  const { exitCode, stdout } = await sandbox.holdfast(['plan', '--release', 'v1.0.0', 'api']);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('blocked');
  expect(stdout).toContain('tag v1.0.0 has moved');
  const accepted = await sandbox.holdfast([
    'plan',
    '--release',
    'v1.0.0',
    'api',
    '--accept-moved-tag',
  ]);
  expect(accepted.exitCode).toBe(0);
});
