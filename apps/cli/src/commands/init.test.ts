import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createSandbox } from '../../test/sandbox.js';

async function createSource() {
  const sandbox = await createSandbox();
  await sandbox.repository('source', { 'docs/guide.md': '# Guide\n' });
  await sandbox.git(sandbox.path('source'), 'reset', '--quiet', '--hard');
  return sandbox;
}

test('with --yes, writes files that plan accepts', async () => {
  await using sandbox = await createSource();
  await sandbox.repository('web.git');
  const { exitCode, stdout } = await sandbox.holdfast([
    'init',
    '--yes',
    '--target',
    'org/web=../web.git',
  ]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "+ rules/web-source.yaml
    + holdfast.yaml

    Next:
      see that org/web is at ../web.git, or correct holdfast.yaml
      tag a release (git tag v1.0.0), or name a commit with --ref
      holdfast plan --ref main
      holdfast sync --ref main
    "
  `);
  expect(await readFile(sandbox.path('source/holdfast.yaml'), 'utf8')).toMatchInlineSnapshot(`
    "# What is delivered to whom; paths are relative to this file.
    version: 1
    namespace: source # .source-overrides/, source-sync/… branches, labels
    source:
      repo: .
      release_tags: "v*"
      branch: main
    rules: ["rules/*.yaml"]
    targets:
      org/web: { url: "../web.git" }
    "
  `);
  expect(await readFile(sandbox.path('source/rules/web-source.yaml'), 'utf8'))
    .toMatchInlineSnapshot(`
      "sync_rule:
        id: web-source
        source: "docs/**"
        target_repo: org/web
        target_path: docs/source/
        strategy: copy # or template, reference
        frequency: on_release # or on_change, manual
      "
    `);
  const planned = await sandbox.holdfast(['plan', '--ref', 'main']);
  expect(planned.exitCode).toBe(0);
  expect(planned.stdout).toContain('+ docs/source/guide.md');
});

test('asks on the terminal; an empty answer takes the default', async () => {
  await using sandbox = await createSource();
  const input = 'docs/*.md\norg/web=https://git.example.com/org/web.git\n\nhouse\n';
  const { exitCode, stderr } = await sandbox.holdfast(['init'], { input });
  expect(exitCode).toBe(0);
  expect(stderr).toMatchInlineSnapshot(
    `"Which files are delivered (a glob)? [docs/**] The first target, as name=path or name=URL? [org/example=../example.git] Into which folder there? [docs/source/] The prefix of branches, labels and folders? [source] "`,
  );
  const configuration = await readFile(sandbox.path('source/holdfast.yaml'), 'utf8');
  expect(configuration).toContain('org/web: { url: "https://git.example.com/org/web.git" }');
  expect(configuration).toContain('namespace: house');
});

test('when the input ends early, nothing is written', async () => {
  await using sandbox = await createSource();
  const { exitCode, stderr } = await sandbox.holdfast(['init'], { input: 'docs/**\n' });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('nothing was written');
  expect(await readdir(sandbox.path('source'))).toEqual(['.git', 'docs']);
});

test('never overwrites', async () => {
  await using sandbox = await createSource();
  await sandbox.write({ 'source/holdfast.yaml': 'mine\n' });
  const { exitCode, stderr } = await sandbox.holdfast(['init', '--yes']);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: 'error: holdfast.yaml is there already\nhint: edit it, or delete it to begin anew\n',
  });
  expect(await readFile(sandbox.path('source/holdfast.yaml'), 'utf8')).toBe('mine\n');
});

test('does not leave half of it behind when the rule is there already', async () => {
  await using sandbox = await createSource();
  await sandbox.write({ 'source/rules/example-source.yaml': 'mine\n' });
  const { exitCode, stderr } = await sandbox.holdfast(['init', '--yes']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('rules/example-source.yaml is there already');
  expect(await readdir(sandbox.path('source'))).toEqual(['.git', 'docs', 'rules']);
});

test('outside a repository, or below its root, says what to do', async () => {
  await using sandbox = await createSource();
  for (const cwd of [sandbox.folder, sandbox.path('source/docs')]) {
    const { exitCode, stderr } = await sandbox.holdfast(['init', '--yes'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('is not the root of a git repository');
    expect(stderr).toContain('git init');
  }
});

test.each([
  [['--target', 'nonsense'], '--target must be like org/webapp=../webapp.git, got "nonsense"'],
  [['--target', 'org/web=https://me:secret@git.example.com/web'], 'holdfast.yaml:10:'],
  [['--namespace', 'a b'], 'holdfast.yaml:3:12: namespace must'],
  [['--target-path', '../out'], 'rules/example-source.yaml:5:'],
])('refuses the answer %j with its place, and writes nothing', async (flags, message) => {
  await using sandbox = await createSource();
  const { exitCode, stderr } = await sandbox.holdfast(['init', '--yes', ...flags]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('secret');
  expect(await readdir(sandbox.path('source'))).toEqual(['.git', 'docs']);
});

test('--from carries the sync.yml of repo-file-sync-action over, and says what it cannot', async () => {
  await using sandbox = await createSandbox();
  await sandbox.repository('source', {
    'docs/guide.md': '# Guide\n',
    'sync.yml': 'org/api:\n  - source: docs/\n    dest: standards/\n    replace: false\n',
  });
  await sandbox.git(sandbox.path('source'), 'reset', '--quiet', '--hard');
  const done = await sandbox.holdfast(['init', '--from', 'sync.yml', '--namespace', 'acme']);
  expect(done).toMatchObject({ exitCode: 0 });
  expect(done.stdout).toContain('+ holdfast.yaml');
  expect(done.stdout).toContain('replace: false has no counterpart');
  const again = await sandbox.holdfast(['init', '--from', 'sync.yml']);
  expect(again).toMatchObject({ exitCode: 2 });
  expect(again.stderr).toContain('is there already');
});

test.each([
  [['v1.0.0', 'v1.1.0'], 'v*'],
  [['v1.15.0', '3.9.6'], '[0-9]*'],
  [['1.0.0', 'v2.0.0'], 'v*'],
  [['2024.1'], '[0-9]*'],
  [[], 'v*'],
])('of the tags %j the releases are %s', async (tags, pattern) => {
  await using sandbox = await createSandbox();
  await sandbox.repository('source', { 'docs/a.md': '# A\n' });
  for (const tag of tags) await sandbox.git(sandbox.path('source'), 'tag', tag);
  await sandbox.holdfast(['init', '--yes']);
  const text = await readFile(sandbox.path('source/holdfast.yaml'), 'utf8');
  expect(text).toContain(`release_tags: ${JSON.stringify(pattern)}\n`);
});
