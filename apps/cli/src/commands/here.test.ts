import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSyncedFleet } from '../../test/sandbox.js';
import type { Sandbox } from '../../test/sandbox.js';

let sandbox: Sandbox;
let cwd: string;
beforeEach(async () => {
  sandbox = await createSyncedFleet();
  await sandbox.git(sandbox.folder, 'clone', '--quiet', 'api.git', 'clone');
  cwd = sandbox.path('clone');
});
afterEach(() => sandbox[Symbol.asyncDispose]());

test('in a target, status and drift answer from its manifests', async () => {
  const before = await sandbox.holdfast(['status'], { cwd });
  expect(before).toMatchObject({ exitCode: 0, stderr: '' });
  expect(before.stdout).toContain(
    'api           acme/standards  2026-01-05  v1.0.0   In sync (2 files)',
  );
  expect(await sandbox.holdfast(['drift'], { cwd })).toMatchObject({ exitCode: 0 });
  await writeFile(sandbox.path('clone/standards/guide.md'), 'ours\n');
  const drifted = await sandbox.holdfast(['drift', 'api'], {
    cwd: sandbox.path('clone/standards'),
  });
  expect(drifted.exitCode).toBe(1);
  expect(drifted.stdout).toContain('DRIFTED: 1 file since v1.0.0');
  const status = await sandbox.holdfast(['status', '--json'], { cwd });
  expect(JSON.parse(status.stdout)).toMatchObject({
    rows: [{ rule: 'api', status: 'Drifted', driftedFiles: ['standards/guide.md'] }],
  });
  const unknown = await sandbox.holdfast(['drift', 'web'], { cwd });
  expect(unknown).toMatchObject({ exitCode: 2 });
  expect(unknown.stderr).toContain('no rule "web" delivered anything here');
});

test('in a target, why names the source file, its commit and the sync that brought it', async () => {
  const finished = await sandbox.holdfast(['why', 'guide.md', '--json'], {
    cwd: sandbox.path('clone/standards'),
  });
  expect(finished.exitCode).toBe(0);
  expect(JSON.parse(finished.stdout)).toMatchObject({
    items: [
      {
        path: 'standards/guide.md',
        rule: 'api',
        state: 'as-delivered',
        source: { name: 'acme/standards', path: 'docs/guide.md', ref: 'v1.0.0' },
        deliveredBy: { subject: 'sync(acme): Update docs from v1.0.0' },
      },
    ],
  });
  const none = await sandbox.holdfast(['why', 'README.md'], { cwd });
  expect(none).toMatchObject({ exitCode: 2 });
  expect(none.stderr).toContain('no sync delivered README.md here');
});

test('in a target, its change requests are shown and merged without its name', async () => {
  await sandbox.holdfast(['sync', 'api']);
  const list = await sandbox.holdfast(['requests', 'list'], { cwd });
  expect(list.stdout).toContain('sync(acme): Update guide from v1.1.0');
  for (const words of [[], ['2'], ['#2'], ['.', '2'], ['api', '2']]) {
    const shown = await sandbox.holdfast(['requests', 'show', ...words], { cwd });
    expect(shown).toMatchObject({ exitCode: 0, stderr: '' });
    expect(shown.stdout).toContain('api #2  open');
  }
  expect(await sandbox.holdfast(['requests', 'merge', '2'], { cwd })).toMatchObject({
    exitCode: 0,
  });
  expect(await sandbox.show('api.git', 'main', 'standards/guide.md')).toContain('more tests');
  const nameless = await sandbox.holdfast(['requests', 'show']);
  expect(nameless).toMatchObject({ exitCode: 2 });
  expect(nameless.stderr).toContain('the request of which target?');
});

test.each(['plan', 'sync', 'verify'])('in a target, %s says where it belongs', async (command) => {
  const finished = await sandbox.holdfast([command], { cwd });
  expect(finished).toMatchObject({ exitCode: 2 });
  expect(finished.stderr).toContain('the rules are where they come from');
  expect(finished.stderr).toContain('here work: status, drift');
});

test('override copies a delivered file to where its override is looked for', async () => {
  const made = await sandbox.holdfast(['override', 'guide.md'], {
    cwd: sandbox.path('clone/standards'),
  });
  expect(made).toMatchObject({ exitCode: 0, stderr: '' });
  const place = sandbox.path('clone/.acme-overrides/standards/guide.md');
  expect(await readFile(place, 'utf8')).toContain('Write tests.');
  await writeFile(place, 'ours\n');
  const again = await sandbox.holdfast(['override', 'standards/guide.md'], { cwd });
  expect(again.stdout).toContain('is there already, and is left as it is');
  expect(await readFile(place, 'utf8')).toBe('ours\n');
  const stranger = await sandbox.holdfast(['override', 'docs/guide.md'], { cwd });
  expect(stranger).toMatchObject({ exitCode: 2 });
  expect(stranger.stderr).toContain('delivered are: standards/guide.md');
});

test('an override of a rule with an override_root lies without it, and the next sync merges it', async () => {
  await sandbox.write({
    'source/rules/api.yaml': `sync_rule:
  id: api
  source: "docs/**"
  target_repo: org/api
  target_path: "docs/acme/"
  strategy: copy
  frequency: on_release
  override_root: docs/acme
`,
  });
  await sandbox.holdfast(['sync', 'api']);
  await sandbox.holdfast(['requests', 'merge', 'org/api']);
  await sandbox.git(cwd, 'pull', '--quiet');
  const told = await sandbox.holdfast(['override', 'docs/acme/style.md', '--target', 'org/api']);
  expect(told.stdout).toContain('.acme-overrides/style.md');
  const made = await sandbox.holdfast(['override', 'docs/acme/style.md', '--json'], { cwd });
  expect(JSON.parse(made.stdout)).toMatchObject({ override: '.acme-overrides/style.md' });
  const content = '# Style\n\nTabs.\n';
  await sandbox.commit('api.git', 'Ours', { '.acme-overrides/style.md': content });
  const planned = await sandbox.holdfast(['plan', 'api']);
  expect(planned.stdout).toContain('~ docs/acme/style.md  the override is kept');
});

test('validate takes a file that follows its override as its owner meant it', async () => {
  const edit = { 'standards/guide.md': 'ours\n' };
  await sandbox.write({ 'clone/standards/guide.md': 'ours\n' });
  const changed = await sandbox.holdfast(['validate'], { cwd });
  expect(changed).toMatchObject({ exitCode: 1 });
  expect(changed.stdout).toContain('it was changed since');
  await sandbox.write({ 'clone/.acme-overrides/standards/guide.md': edit['standards/guide.md'] });
  expect(await sandbox.holdfast(['validate'], { cwd })).toMatchObject({ exitCode: 0 });
  expect(await sandbox.holdfast(['drift'], { cwd })).toMatchObject({ exitCode: 0 });
  const status = await sandbox.holdfast(['status'], { cwd });
  expect(status.stdout).toContain('In sync (2 files, 1 customised)');
});
