import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  changed,
  CONFIGURATION,
  createLoop,
  documentOf,
  edit,
  here,
  pullAndCommit,
  ROOT,
} from './catalogue-loop.js';
import { json, model } from './catalogue-source.js';
import { createSandbox } from './sandbox.js';
import type { Sandbox } from './sandbox.js';

/** The models of a source in the form of the specification: 50 of them, and 12 kinds of derivations. */
function numberedFiles(): Record<string, string> {
  const files: Record<string, string> = {
    'docs/INDEX.md': '# Index\n',
    'CLAUDE.md': '# For agents\n',
    'src/types.ts': 'export interface Member { id: string }\n',
    'models/member/_root.json': model('member', { id: 'string', email: 'string', age: 'integer' }),
    'models/loan_application/_root.json': model('loan_application', {
      id: 'string',
      amount: 'number',
      member_id: 'string',
    }),
  };
  for (let i = 0; i < 48; i += 1)
    files[`models/model_${i}/_root.json`] = model(`model_${i}`, { id: 'string', value: 'number' });
  for (let i = 0; i < 12; i += 1)
    files[`derivations/category_${i}/rule.json`] = json({
      name: `rule_${i}`,
      inputs: [`model_${i}.value`],
      expression: `model_${i}.value * 2`,
    });
  return files;
}

describe('pull', () => {
  test('lays out the folders of the specification, and its manifest', async () => {
    await using sandbox = await createLoop(numberedFiles());
    expect(await sandbox.holdfast(['pull'])).toMatchObject({ exitCode: 0, stderr: '' });
    const member = await readFile(here(sandbox, 'ontology/objects/member/_root.json'), 'utf8');
    expect(member).toContain('"email"');
    expect(await readFile(here(sandbox, 'docs/CATALOGUE_CLAUDE.md'), 'utf8')).toBe(
      '# For agents\n',
    );
    expect(await readFile(here(sandbox, 'ontology/README.md'), 'utf8')).toBe('# Ours too\n');
    const manifest = JSON.parse(
      await readFile(here(sandbox, '.sync-manifest.json'), 'utf8'),
    ) as Record<string, unknown> & { content: Record<string, string[]> };
    expect(Object.keys(manifest)).toEqual([
      'source_repo',
      'source_commit',
      'synced_at',
      'synced_by',
      'content',
      'version',
      'files',
    ]);
    expect(manifest['source_repo']).toBe('we-money/brightmatch-data-catalogue');
    expect(manifest.content['models']).toContain('loan_application');
    expect(manifest.content['models']).toHaveLength(50);
    expect(manifest.content['derivation_categories']).toHaveLength(12);
  });

  test('changes nothing the second time, and removes what the source removed', async () => {
    await using sandbox = await createLoop(numberedFiles());
    await pullAndCommit(sandbox);
    expect(await changed(sandbox)).toBe('');
    expect((await sandbox.holdfast(['pull'])).stdout).toContain('current');
    expect(await changed(sandbox)).toBe('');
    await sandbox.commit('catalogue.git', 'Remove', { 'models/model_3/_root.json': null });
    await sandbox.holdfast(['pull']);
    expect(await changed(sandbox)).toBe(
      ` M ${ROOT}/.sync-manifest.json\n D ${ROOT}/ontology/objects/model_3/_root.json`,
    );
  });

  test('a move of the source that changes none of the files is no change', async () => {
    await using sandbox = await createLoop(numberedFiles());
    await pullAndCommit(sandbox);
    await sandbox.commit('catalogue.git', 'Elsewhere', { 'src/types.ts': 'export {};\n' });
    expect(await sandbox.holdfast(['pull'])).toMatchObject({ exitCode: 0 });
    expect(await changed(sandbox)).toBe('');
    expect((await sandbox.holdfast(['drift'])).stdout).toMatch(/^IN_SYNC: [0-9a-f]{40}\n$/);
  });

  test('merges local edits by key, and marks what both sides changed', async () => {
    await using sandbox = await createLoop(numberedFiles());
    await pullAndCommit(sandbox);
    const path = 'ontology/objects/member/_root.json';
    await edit(sandbox, path, model('member', { id: 'string', email: 'string', age: 'number' }));
    await sandbox.commit('catalogue.git', 'Widen', {
      'models/member/_root.json': model('member', {
        id: 'integer',
        email: 'string',
        age: 'integer',
      }),
    });
    expect(await sandbox.holdfast(['pull'])).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(await readFile(here(sandbox, path), 'utf8'))).toEqual(
      JSON.parse(model('member', { id: 'integer', email: 'string', age: 'number' })),
    );
    await sandbox.commit('catalogue.git', 'Clash', {
      'models/member/_root.json': model('member', {
        id: 'integer',
        email: 'string',
        age: 'boolean',
      }),
    });
    const clash = await sandbox.holdfast(['pull', '--json']);
    expect(clash.exitCode).toBe(1);
    expect(documentOf(clash)).toMatchObject({
      catalogues: [{ outcome: 'conflicted', files: [{ path, outcome: 'conflicted' }] }],
    });
    expect(await readFile(here(sandbox, path), 'utf8')).toContain('<<<<<<<');
    const again = await sandbox.holdfast(['pull', '--json']);
    expect(documentOf(again)).toMatchObject({
      catalogues: [{ outcome: 'conflicted', files: [{ path, outcome: 'unresolved' }] }],
    });
    await edit(sandbox, path, model('member', { id: 'integer', email: 'string', age: 'number' }));
    expect(await sandbox.holdfast(['pull'])).toMatchObject({ exitCode: 0 });
  });

  test('keeps a local deletion, and --full brings it back', async () => {
    await using sandbox = await createLoop(numberedFiles());
    await pullAndCommit(sandbox);
    await rm(here(sandbox, 'docs/INDEX.md'));
    expect(await sandbox.holdfast(['pull'])).toMatchObject({ exitCode: 0 });
    await expect(readFile(here(sandbox, 'docs/INDEX.md'))).rejects.toThrow();
    expect(await sandbox.holdfast(['pull', '--full'])).toMatchObject({ exitCode: 0 });
    expect(await changed(sandbox)).toBe('');
  });

  test('keeps what was edited here and removed there, and says so', async () => {
    await using sandbox = await createLoop(numberedFiles());
    await pullAndCommit(sandbox);
    const path = 'ontology/objects/member/_root.json';
    await edit(sandbox, path, model('member', { id: 'string' }));
    await sandbox.commit('catalogue.git', 'Remove', { 'models/member/_root.json': null });
    expect(await sandbox.holdfast(['pull'])).toMatchObject({ exitCode: 1 });
    expect(await readFile(here(sandbox, path), 'utf8')).toBe(model('member', { id: 'string' }));
  });

  test('--check writes nothing', async () => {
    await using sandbox = await createLoop(numberedFiles());
    expect(await sandbox.holdfast(['pull', '--check'])).toMatchObject({ exitCode: 1 });
    expect(await changed(sandbox)).toBe('');
  });

  test.each<[string, (sandbox: Sandbox) => Promise<unknown>, number, RegExp]>([
    [
      'a source that is not there',
      (s) => rm(s.path('catalogue.git'), { recursive: true }),
      3,
      /catalogue/,
    ],
    [
      'a damaged manifest',
      async (s) => {
        await s.holdfast(['pull']);
        await writeFile(here(s, '.sync-manifest.json'), '{ "source_repo": ');
      },
      2,
      /\.sync-manifest\.json/,
    ],
    [
      'a manifest of a newer version',
      async (s) => {
        await s.holdfast(['pull']);
        await writeFile(here(s, '.sync-manifest.json'), '{ "version": 7 }');
      },
      2,
      /newer Holdfast/,
    ],
    [
      'a manifest that leads out of the root',
      async (s) => {
        await s.holdfast(['pull']);
        const text = await readFile(here(s, '.sync-manifest.json'), 'utf8');
        await writeFile(
          here(s, '.sync-manifest.json'),
          text.replace('"docs/INDEX.md": {', '"../../x": {'),
        );
      },
      2,
      /\.\.\/\.\.\/x|path/,
    ],
    [
      'a root that is a link',
      async (s) => {
        await rm(s.path('source', ROOT), { recursive: true });
        await symlink(s.folder, s.path('source', ROOT));
      },
      2,
      /no folder/,
    ],
    [
      'two catalogues in one folder',
      (s) =>
        writeFile(
          s.path('source', 'holdfast.yaml'),
          `${CONFIGURATION}  other:\n    source: { repo: ../catalogue.git }\n    root: ${ROOT}/ontology\n    content: {}\n`,
        ),
      2,
      /share a folder/,
    ],
    [
      'a branch that is not there',
      (s) =>
        writeFile(
          s.path('source', 'holdfast.yaml'),
          CONFIGURATION.replace('branch: main', 'branch: gone'),
        ),
      2,
      /branch gone/,
    ],
  ])('refuses %s', async (_, break_, exitCode, message) => {
    await using sandbox = await createLoop(numberedFiles());
    await break_(sandbox);
    const pulled = await sandbox.holdfast(['pull', '--json']);
    expect(pulled.exitCode).toBe(exitCode);
    expect(pulled.stdout).toMatch(message);
  });

  test('a file behind a link is never written through', async () => {
    await using sandbox = await createLoop(numberedFiles());
    await mkdir(sandbox.path('outside'));
    await mkdir(here(sandbox, 'ontology'), { recursive: true });
    await symlink(sandbox.path('outside'), here(sandbox, 'ontology/objects'));
    expect(await sandbox.holdfast(['pull'])).toMatchObject({ exitCode: 1 });
    await expect(readFile(sandbox.path('outside/member/_root.json'))).rejects.toThrow();
  });
});

describe('drift', () => {
  test('tells local edits from what the source changed, as the specification shows', async () => {
    await using sandbox = await createLoop(numberedFiles());
    expect((await sandbox.holdfast(['drift'])).stdout).toContain('NEVER_PULLED');
    await sandbox.holdfast(['pull']);
    expect(await sandbox.holdfast(['drift'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^IN_SYNC: [0-9a-f]{40}\n$/) as string,
    });
    await sandbox.commit('catalogue.git', 'Change', { 'docs/INDEX.md': '# Other\n' });
    await edit(sandbox, 'docs/CATALOGUE_CLAUDE.md', '# Mine\n');
    const drifted = await sandbox.holdfast(['drift']);
    expect(drifted.exitCode).toBe(1);
    expect(drifted.stdout).toMatch(/^DRIFTED: 1 file edited here, 1 file moved in the source/);
  });
});

describe('push', () => {
  test('opens one request with what changed in meaning, moves it on, and pull finds itself in sync', async () => {
    await using sandbox = await createLoop(numberedFiles());
    await pullAndCommit(sandbox);
    const path = 'ontology/objects/loan_application/_root.json';
    await edit(
      sandbox,
      path,
      model('loan_application', { id: 'string', amount: 'integer', member_id: 'string' }),
    );
    const asked = await sandbox.holdfast(['push']);
    expect(asked).toMatchObject({ exitCode: 1 });
    expect(await sandbox.refs('catalogue.git')).not.toContain('holdfast-push');
    const pushed = await sandbox.holdfast(['push', '--yes', '--json']);
    expect(pushed.exitCode).toBe(0);
    expect(documentOf(pushed)).toMatchObject({
      outcome: 'opened',
      branch: 'holdfast-push/data-catalogue',
      title:
        'loan_application: field amount narrowed from number to integer (breaking for readers: 1.5)',
      files: [{ path, source: 'models/loan_application/_root.json', outcome: 'modified' }],
      request: { number: 1 },
    });
    expect(documentOf(await sandbox.holdfast(['push', '--yes', '--json']))).toMatchObject({
      outcome: 'unchanged',
    });
    await edit(
      sandbox,
      'ontology/objects/new_model/_root.json',
      model('new_model', { id: 'string' }),
    );
    const moved = await sandbox.holdfast(['push', '--yes', '--json']);
    expect(documentOf(moved)).toMatchObject({ outcome: 'updated', request: { number: 1 } });
    const head = await sandbox.git(
      sandbox.path('catalogue.git'),
      'rev-parse',
      'holdfast-push/data-catalogue',
    );
    await sandbox.git(sandbox.path('catalogue.git'), 'update-ref', 'refs/heads/main', head);
    expect(await sandbox.holdfast(['pull'])).toMatchObject({ exitCode: 0 });
    expect(await sandbox.holdfast(['drift'])).toMatchObject({ exitCode: 0 });
    expect(documentOf(await sandbox.holdfast(['push', '--yes', '--json']))).toMatchObject({
      outcome: 'nothing',
    });
  });

  test('merges with what the source has become, and blocks what clashes', async () => {
    await using sandbox = await createLoop(numberedFiles());
    await pullAndCommit(sandbox);
    await edit(
      sandbox,
      'ontology/objects/member/_root.json',
      model('member', { id: 'string', email: 'string', age: 'number' }),
    );
    await sandbox.commit('catalogue.git', 'Other key', {
      'models/member/_root.json': model('member', {
        id: 'integer',
        email: 'string',
        age: 'integer',
      }),
    });
    expect(documentOf(await sandbox.holdfast(['push', '--dry-run', '--json']))).toMatchObject({
      outcome: 'planned',
      files: [{ outcome: 'merged' }],
    });
    await sandbox.commit('catalogue.git', 'Same key', {
      'models/member/_root.json': model('member', {
        id: 'integer',
        email: 'string',
        age: 'boolean',
      }),
    });
    const blocked = await sandbox.holdfast(['push', '--yes', '--json']);
    expect(blocked.exitCode).toBe(1);
    expect(documentOf(blocked)).toMatchObject({ outcome: 'blocked' });
    expect(await sandbox.refs('catalogue.git')).not.toContain('holdfast-push');
  });

  test('pushes nothing that is invalid', async () => {
    await using sandbox = await createLoop(numberedFiles());
    await pullAndCommit(sandbox);
    await edit(sandbox, 'ontology/objects/member/_root.json', '{ "name": ');
    expect(documentOf(await sandbox.holdfast(['push', '--yes', '--json']))).toMatchObject({
      outcome: 'invalid',
    });
    await edit(sandbox, 'ontology/objects/member/_root.json', model('member', { id: 'string' }));
    await edit(
      sandbox,
      'ontology/derivations/category_0/rule.json',
      json({ name: 'rule_0', inputs: ['member.gone'], expression: 'member.gone' }),
    );
    const pushed = await sandbox.holdfast(['push', '--yes', '--json']);
    expect(documentOf<{ problems: string[] }>(pushed).problems.join()).toContain(
      'member has no field gone',
    );
  });

  test('leaves a branch alone that bears commits of others', async () => {
    await using sandbox = await createLoop(numberedFiles());
    await pullAndCommit(sandbox);
    await edit(sandbox, 'docs/INDEX.md', '# Mine\n');
    await sandbox.holdfast(['push', '--yes']);
    await sandbox.commit(
      'catalogue.git',
      'By hand',
      { 'docs/more.md': 'x\n' },
      'holdfast-push/data-catalogue',
    );
    await edit(sandbox, 'docs/INDEX.md', '# Mine again\n');
    expect(documentOf(await sandbox.holdfast(['push', '--yes', '--json']))).toMatchObject({
      outcome: 'foreign-commits',
    });
  });

  test('carries edits back through the transforms, and refuses by name what cannot be undone', async () => {
    await using sandbox = await createLoop({ 'docs/INDEX.md': '# Index\n\nUpstream name\n' });
    await writeFile(
      sandbox.path('source/holdfast.yaml'),
      CONFIGURATION.replace(
        / {4}content:[^]*/,
        '    content:\n      docs: { files: { docs/INDEX.md: docs/INDEX.md } }\n    transforms:\n      - replace: { literal: "Upstream", with: "Local" }\n',
      ),
    );
    const pulled = await sandbox.holdfast(['pull']);
    expect(pulled).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await readFile(here(sandbox, 'docs/INDEX.md'), 'utf8')).toContain('Local name');
    await edit(sandbox, 'docs/INDEX.md', '# Index\n\nLocal name, edited\n');
    const pushed = documentOf<{ outcome: string; files: { outcome: string }[] }>(
      await sandbox.holdfast(['push', '--yes', '--json']),
    );
    expect(['opened', 'blocked']).toContain(pushed.outcome);
    if (pushed.outcome === 'opened') {
      expect(
        await sandbox.show('catalogue.git', 'holdfast-push/data-catalogue', 'docs/INDEX.md'),
      ).toBe('# Index\n\nUpstream name, edited\n');
    } else expect(pushed.files[0]?.outcome).toBe('irreversible');
  });
});

test('semantic-diff tells meaning from writing', async () => {
  await using sandbox = await createLoop(numberedFiles());
  await pullAndCommit(sandbox);
  const path = 'ontology/objects/model_0/_root.json';
  const text = await readFile(here(sandbox, path), 'utf8');
  await edit(sandbox, path, JSON.stringify(JSON.parse(text)));
  expect((await sandbox.holdfast(['semantic-diff'])).stdout).toContain(
    'nothing changed in meaning',
  );
  await edit(sandbox, path, model('model_0', { id: 'string', value: 'integer' }));
  const diff = await sandbox.holdfast(['semantic-diff', '--json']);
  expect(diff.exitCode).toBe(1);
  expect(documentOf(diff)).toMatchObject({
    verdict: 'breaking',
    changes: [{ name: 'model_0', field: 'value', affected: ['rule_0'] }],
  });
});

test('ten rounds of edits on both sides lose nothing', { timeout: 240_000 }, async () => {
  await using sandbox = await createLoop(numberedFiles());
  await pullAndCommit(sandbox);
  let seed = 7;
  const random = (n: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % n;
  };
  const wanted = new Map<string, string>();
  for (let round = 0; round < 10; round += 1) {
    const mine = random(24);
    const theirs = 24 + random(24);
    const field = `round_${round}`;
    const localPath = `ontology/objects/model_${mine}/_root.json`;
    const local = JSON.parse(await readFile(here(sandbox, localPath), 'utf8')) as {
      fields: Record<string, object>;
    };
    local.fields[field] = { type: 'string' };
    await edit(sandbox, localPath, json(local));
    wanted.set(`${localPath} ${field}`, localPath);
    const remotePath = `models/model_${theirs}/_root.json`;
    const remote = JSON.parse(
      await sandbox.show('catalogue.git', 'main', remotePath),
    ) as typeof local;
    remote.fields[field] = { type: 'number' };
    await sandbox.commit('catalogue.git', `Round ${round}`, { [remotePath]: json(remote) });
    wanted.set(`ontology/objects/model_${theirs}/_root.json ${field}`, remotePath);
    expect(await sandbox.holdfast(['validate', ROOT])).toMatchObject({ exitCode: 0 });
    const pushed = await sandbox.holdfast(['push', '--yes', '--json']);
    expect(['opened', 'updated']).toContain(documentOf<{ outcome: string }>(pushed).outcome);
    const number = documentOf<{ request: { number: number } }>(pushed).request.number;
    const merge = await sandbox.git(
      sandbox.path('catalogue.git'),
      'rev-parse',
      'holdfast-push/data-catalogue',
    );
    await sandbox.git(sandbox.path('catalogue.git'), 'update-ref', 'refs/heads/main', merge);
    await sandbox.git(
      sandbox.path('catalogue.git'),
      'update-ref',
      '-d',
      'refs/heads/holdfast-push/data-catalogue',
    );
    expect(number).toBeGreaterThan(0);
    expect(await pullAndCommit(sandbox)).toMatchObject({ exitCode: 0 });
    expect(await sandbox.holdfast(['drift'])).toMatchObject({ exitCode: 0 });
    expect(await changed(sandbox)).toBe('');
  }
  for (const key of wanted.keys()) {
    const [path = '', field = ''] = key.split(' ');
    expect(await readFile(join(sandbox.path('source', ROOT), path), 'utf8')).toContain(field);
  }
});

describe('init catalogue', () => {
  test('writes a section that pulls, the scripts of the specification, and a command for agents', async () => {
    await using sandbox = await createSandbox();
    await sandbox.repository('catalogue.git', numberedFiles());
    await sandbox.repository('source', { 'README.md': '# Consumer\n' });
    await sandbox.git(sandbox.path('source'), 'checkout', '--quiet', '--force', 'main');
    const made = await sandbox.holdfast([
      ...['init', 'catalogue', 'data-catalogue', '--repo', '../catalogue.git'],
      ...['--root', ROOT, '--scripts', '--agent'],
    ]);
    expect(made).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await sandbox.holdfast(['pull'])).toMatchObject({ exitCode: 0 });
    expect(await readFile(here(sandbox, 'ontology/objects/member/_root.json'), 'utf8')).toContain(
      'email',
    );
    expect(await readFile(here(sandbox, 'docs/CATALOGUE_CLAUDE.md'), 'utf8')).toBe(
      '# For agents\n',
    );
    const command = await readFile(
      sandbox.path('source/.claude/commands/sync-catalogue.md'),
      'utf8',
    );
    expect(command).toContain('SAFE');
    expect(command).toContain('BATCH_CONFIRM');
    const twice = await sandbox.holdfast([
      'init',
      'catalogue',
      'data-catalogue',
      '--source',
      '../catalogue.git',
    ]);
    expect(twice.exitCode).toBe(2);
  });

  test(
    'the verification table of the specification holds, through the scripts',
    { timeout: 120_000 },
    async () => {
      await using sandbox = await createSandbox();
      await sandbox.repository('catalogue.git', numberedFiles());
      await sandbox.repository('source', { 'README.md': '# Consumer\n' });
      await sandbox.git(sandbox.path('source'), 'checkout', '--quiet', '--force', 'main');
      await sandbox.holdfast([
        ...['init', 'catalogue', 'data-catalogue', '--repo', '../catalogue.git'],
        ...['--root', ROOT, '--scripts'],
      ]);
      const bin = new URL('../bin/', import.meta.url).pathname;
      await mkdir(sandbox.path('bin'));
      await symlink(join(bin, 'holdfast.js'), sandbox.path('bin/holdfast'));
      const script = (name: string, ...args: string[]) =>
        promisify(execFile)(sandbox.path('source/scripts/sync', name), args, {
          cwd: sandbox.path('source'),
          env: {
            PATH: [sandbox.path('bin'), dirname(process.execPath), process.env['PATH']].join(':'),
            HOME: sandbox.folder,
            GIT_CONFIG_GLOBAL: '/dev/null',
            HOLDFAST_STATE_DIR: sandbox.path('state'),
            HOLDFAST_CACHE_DIR: sandbox.path('cache'),
          },
        }).then(
          ({ stdout }) => ({ code: 0, stdout }),
          (error: { code: number; stdout: string }) => ({ code: error.code, stdout: error.stdout }),
        );
      expect(await script('sync-data-catalogue.sh', '--full')).toMatchObject({ code: 0 });
      expect(await readFile(here(sandbox, 'ontology/objects/member/_root.json'), 'utf8')).toContain(
        'email',
      );
      expect((await script('check-drift.sh')).stdout).toMatch(/^IN_SYNC: [0-9a-f]{40}\n$/);
      const state = await changed(sandbox);
      expect(await script('sync-data-catalogue.sh')).toMatchObject({ code: 0 });
      expect(await changed(sandbox)).toBe(state);
      expect(await script('validate-local.sh')).toMatchObject({ code: 0 });
      await sandbox.commit('catalogue.git', 'Edit', { 'docs/INDEX.md': '# Edited\n' });
      const drifted = await script('check-drift.sh');
      expect(drifted).toMatchObject({ code: 1 });
      expect(drifted.stdout).toMatch(/^DRIFTED: /);
      expect(await script('sync-all.sh')).toMatchObject({ code: 0 });
      await edit(sandbox, 'docs/INDEX.md', '# Mine\n');
      expect(await script('push-changes.sh', '--yes')).toMatchObject({ code: 0 });
      expect(await sandbox.refs('catalogue.git')).toContain(
        'refs/heads/holdfast-push/data-catalogue',
      );
    },
  );
});
