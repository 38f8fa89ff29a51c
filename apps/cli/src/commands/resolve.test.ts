import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSandbox } from '../../test/sandbox.js';
import type { Sandbox } from '../../test/sandbox.js';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await createSandbox();
  await sandbox.repository('source', { 'core/a.md': 'base\n' });
  await sandbox.git(sandbox.path('source'), 'tag', 'v1.0.0');
  await sandbox.repository('webapp.git');
  await sandbox.write({
    'source/holdfast.yaml': `version: 1
namespace: agent33
source: { name: org/source }
rules: ["rules/*.yaml"]
targets:
  org/webapp: { url: ../webapp.git, branch: main }
`,
    'source/rules/webapp.yaml': `sync_rule:
  id: webapp
  source: "core/**"
  target_repo: org/webapp
  target_path: "docs/"
  strategy: copy
  frequency: on_release
`,
  });
  await sandbox.holdfast(['sync']);
  await sandbox.holdfast(['requests', 'merge', 'org/webapp']);
  await sandbox.commit('webapp.git', 'Edit', { 'docs/a.md': 'mine\n' });
  await sandbox.commit('source', 'Change', { 'core/a.md': 'theirs\n' });
  await sandbox.git(sandbox.path('source'), 'tag', 'v1.1.0');
  await sandbox.holdfast(['sync']);
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const branch = 'agent33-sync/v1.1.0/webapp';
const args = ['resolve', 'docs/a.md', '--decision', 'Ours is newer', '--by', 'Ada'];

test('commits the decision to the branch of the request', async () => {
  const finished = await sandbox.holdfast([...args, '--ours']);
  expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
  expect(finished.stdout).toMatch(
    /^RESOLVED: docs\/a\.md against v1\.1\.0 \(webapp\)\n {2}committed to agent33-sync\/v1\.1\.0\/webapp of org\/webapp/,
  );
  expect(await sandbox.show('webapp.git', branch, 'docs/a.md')).toBe('mine\n');
  expect(await sandbox.show('webapp.git', branch, 'DECISIONS.md')).toContain('resolved_by: "Ada"');
  await sandbox.holdfast(['requests', 'merge', 'org/webapp']);
  expect(await sandbox.holdfast(['drift'])).toMatchObject({ exitCode: 0 });
});

test('writes the decision into a work tree, and leaves the commit to people', async () => {
  await sandbox.git(sandbox.folder, 'clone', '--quiet', '--branch', branch, 'webapp.git', 'clone');
  const cwd = sandbox.path('clone', 'docs');
  const left = await sandbox.holdfast(['resolve', 'a.md', '--decision', 'x'], { cwd });
  expect(left).toMatchObject({ exitCode: 2 });
  expect(left.stderr).toContain('conflict markers are left in lines 1, 3, 5');
  await writeFile(sandbox.path('clone', 'docs', 'a.md'), 'both\n');
  const finished = await sandbox.holdfast(['resolve', 'a.md', '--decision', 'Both', '--json'], {
    cwd,
  });
  expect(JSON.parse(finished.stdout)).toMatchObject({
    holdfast: 1,
    command: 'resolve',
    resolved: { kind: 'written', path: 'docs/a.md', rule: 'webapp', version: 'v1.1.0' },
  });
  const manifest = await readFile(
    sandbox.path('clone', '.agent33-sync-state', 'webapp', 'manifest.json'),
    'utf8',
  );
  expect(manifest).not.toContain('"conflict"');
});

test.each([
  [['resolve', 'docs/a.md'], "required option '--decision <text>'"],
  [['resolve', 'docs/a.md', '--decision', ' '], '--decision must say'],
  [['resolve', 'docs/x.md', '--decision', 'x'], 'docs/x.md is in no conflict'],
  [['resolve', 'docs/a.md', '--decision', 'x', '--file', 'none'], '--file none cannot be read'],
  [['resolve', 'docs/a.md', '--decision', 'x', '--target', 'org/other'], 'no target "org/other"'],
])('%j is wrong input', async (words, message) => {
  const finished = await sandbox.holdfast(words);
  expect(finished.exitCode).toBe(2);
  expect(finished.stderr).toContain(message);
});

test('a request is not merged with its conflict unless someone insists, and stays in no sync', async () => {
  const before = await sandbox.refs('webapp.git');
  const refused = await sandbox.holdfast(['requests', 'merge', 'org/webapp']);
  expect(refused.exitCode).toBe(1);
  expect(refused.stdout).toContain('is not merged: conflicts are to decide\n  ! docs/a.md');
  expect(await sandbox.refs('webapp.git')).toEqual(before);

  const merged = await sandbox.holdfast(['requests', 'merge', 'org/webapp', '--with-conflicts']);
  expect(merged.exitCode).toBe(1);
  expect(merged.stdout).toContain('still to decide in main');
  expect(merged.stdout).toContain('! docs/a.md');
  expect((await sandbox.holdfast(['status'])).stdout).toContain('1 conflict to decide');
  const drift = await sandbox.holdfast(['drift']);
  expect([drift.exitCode, drift.stdout]).toEqual([1, expect.stringContaining('DRIFTED: 1 file')]);
  const verified = await sandbox.holdfast(['verify']);
  expect([verified.exitCode, verified.stdout]).toEqual([
    1,
    expect.stringContaining('in conflict, and to be decided'),
  ]);
  expect(await sandbox.holdfast([...args, '--theirs'])).toMatchObject({ exitCode: 0 });
  expect(await sandbox.show('webapp.git', 'main', 'docs/a.md')).toBe('theirs\n');
});

test('a link that the repository planted is not written through', async () => {
  await sandbox.git(sandbox.folder, 'clone', '--quiet', '--branch', branch, 'webapp.git', 'clone');
  const cwd = sandbox.path('clone');
  await sandbox.write({ secret: 'mine alone\n' });
  await symlink(sandbox.path('secret'), sandbox.path('clone', 'DECISIONS.md.holdfast-new'));
  await symlink(sandbox.path('secret'), sandbox.path('clone', 'docs', 'a.md.holdfast-new'));
  expect(await sandbox.holdfast([...args, '--ours'], { cwd })).toMatchObject({ exitCode: 0 });
  expect(await readFile(sandbox.path('secret'), 'utf8')).toBe('mine alone\n');
  expect((await readdir(sandbox.path('clone', 'docs'))).sort()).toEqual([
    'a.md',
    'a.md.holdfast-new',
  ]);
});

test.each(['/dev/zero', '.'])('--file %s is no content', async (file) => {
  const finished = await sandbox.holdfast([...args, '--file', file]);
  expect(finished).toMatchObject({ exitCode: 2 });
  expect(finished.stderr).toContain('is no regular file');
});
