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
    /^RESOLVED: docs\/a\.md against v1\.1\.0 \(webapp\): the target's side\n {2}committed to agent33-sync\/v1\.1\.0\/webapp of org\/webapp, request #2 \([0-9a-f]{12}\)\nLook at it with: holdfast requests show org\/webapp 2\n$/,
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
  [['resolve', 'docs/a.md', '--decision', 'x', '--file', 'none'], '--file: there is no file none'],
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
  const unasked = await sandbox.holdfast([...args, '--theirs']);
  expect(unasked).toMatchObject({ exitCode: 2 });
  expect(unasked.stderr).toContain('agree beforehand with --yes');
  const declined = await sandbox.holdfast([...args, '--theirs'], { isTTY: true, input: 'n\n' });
  expect(declined).toMatchObject({ exitCode: 2 });
  expect(declined.stderr).toContain('commit the decision to main of org/webapp itself? [y/N]');
  expect(declined.stderr).toContain('nothing was written');
  expect(await sandbox.show('webapp.git', 'main', 'docs/a.md')).toContain('<<<<<<<');
  expect(await sandbox.holdfast([...args, '--theirs', '--yes'])).toMatchObject({ exitCode: 0 });
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

test('of several targets with the conflict none is taken unnamed', async () => {
  await sandbox.repository('twin.git');
  await sandbox.write({
    'source/holdfast.yaml': `version: 1
namespace: agent33
source: { name: org/source }
targets:
  org/webapp: { url: ../webapp.git, branch: main }
  org/twin: { url: ../twin.git, branch: main }
`,
    'source/rules/twin.yaml': `sync_rule:
  id: twin
  source: "core/**"
  target_repo: org/twin
  target_path: "docs/"
  strategy: copy
  frequency: on_release
`,
  });
  await sandbox.commit('twin.git', 'Edit', { 'docs/a.md': 'other\n' });
  await sandbox.holdfast(['sync']);
  const before = await sandbox.refs('webapp.git');
  const unnamed = await sandbox.holdfast([...args, '--ours']);
  expect(unnamed).toMatchObject({ exitCode: 2 });
  expect(unnamed.stderr).toContain('docs/a.md is in conflict in 2 targets');
  expect(unnamed.stderr).toContain('--target org/');
  expect(await sandbox.refs('webapp.git')).toBe(before);
  const named = await sandbox.holdfast([...args, '--ours', '--target', 'org/twin', '--json']);
  expect(JSON.parse(named.stdout)).toMatchObject({
    resolved: { kind: 'committed', target: 'org/twin', taken: 'ours', request: { number: 1 } },
  });
});

test('content that a check refuses is not written, unless someone insists', async () => {
  await sandbox.write({
    'source/core/b.json': '',
    'decided.md': `token: ghp_${'0aB1'.repeat(9)}\n`,
  });
  const words = [...args, '--file', sandbox.path('decided.md')];
  const before = await sandbox.refs('webapp.git');
  const refused = await sandbox.holdfast(words);
  expect(refused).toMatchObject({ exitCode: 1 });
  expect(refused.stdout).toContain('NOT RESOLVED: docs/a.md');
  expect(refused.stdout).toContain('docs/a.md:1:');
  expect(await sandbox.refs('webapp.git')).toBe(before);
  expect(await sandbox.holdfast([...words, '--with-findings'])).toMatchObject({ exitCode: 0 });
});

test('the log fits into the file that is there, and says who, by whose side, and where', async () => {
  await sandbox.git(sandbox.folder, 'clone', '--quiet', '--branch', branch, 'webapp.git', 'clone');
  const cwd = sandbox.path('clone');
  const log = '# Decisions of the team\r\n\r\n### One\r\n\r\n```sh\r\n# not a heading\r\n```';
  await writeFile(sandbox.path('clone', 'DECISIONS.md'), log);
  await sandbox.git(cwd, 'config', 'user.name', 'Grace');
  const words = ['resolve', 'docs/a.md', '--theirs', '--decision', 'Theirs: "newer"'];
  const environment = { GIT_AUTHOR_NAME: '', GIT_AUTHOR_EMAIL: '' };
  expect(await sandbox.holdfast(words, { cwd, environment })).toMatchObject({ exitCode: 0 });
  const written = await readFile(sandbox.path('clone', 'DECISIONS.md'), 'utf8');
  expect(written).toBe(
    [
      log,
      '',
      '### 2026-02-02: docs/a.md, v1.1.0',
      '',
      '```yaml',
      'conflict_resolution:',
      '  date: "2026-02-02"',
      '  sync_version: "v1.1.0"',
      '  file: "docs/a.md"',
      '  decision: "Theirs: \\"newer\\""',
      `  taken: "the release's side"`,
      '  resolved_by: "Grace"',
      '```',
      '',
    ].join('\r\n'),
  );
});

test('a conflict is found in the second state folder, too', async () => {
  await sandbox.git(sandbox.folder, 'clone', '--quiet', '--branch', branch, 'webapp.git', 'clone');
  const cwd = sandbox.path('clone');
  await sandbox.write({ 'clone/.acme-sync-state/other/note': 'x' });
  expect(await sandbox.holdfast([...args, '--ours'], { cwd })).toMatchObject({ exitCode: 0 });
});

test('commits of a sync bear the author that the configuration names', async () => {
  const text = await readFile(sandbox.path('source/holdfast.yaml'), 'utf8');
  await sandbox.write({
    'source/holdfast.yaml': `${text}author: { name: Docs Bot, email: bot@example.com }\n`,
  });
  await sandbox.commit('source', 'More', { 'core/b.md': 'b\n' });
  await sandbox.git(sandbox.path('source'), 'tag', 'v1.2.0');
  await sandbox.holdfast(['sync']);
  const shown = ['log', '-1', '--format=%an <%ae> %cn', 'agent33-sync/v1.2.0/webapp'];
  expect(await sandbox.git(sandbox.path('webapp.git'), ...shown)).toBe(
    'Docs Bot <bot@example.com> Docs Bot',
  );
  await sandbox.write({
    'source/holdfast.yaml': `${text}author: { name: "a <b>", email: bot@example.com }\n`,
  });
  expect((await sandbox.holdfast(['plan'])).stderr).toContain('neither < nor >');
});
