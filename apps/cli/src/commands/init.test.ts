import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parseConfiguration, parseRules } from '@holdfast/manifest';
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
    + .holdfast/config.schema.json
    + .holdfast/rule.schema.json

      each change of main is delivered; once there are releases, write frequency: on_release

    Next:
      holdfast plan
      holdfast sync
    "
  `);
  expect(await readFile(sandbox.path('source/holdfast.yaml'), 'utf8')).toMatchInlineSnapshot(`
    "# yaml-language-server: $schema=.holdfast/config.schema.json
    # What is delivered to whom; paths are relative to this file.
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
      "# yaml-language-server: $schema=../.holdfast/rule.schema.json
      sync_rule:
        id: web-source
        source: "docs/**"
        target_repo: org/web
        target_path: docs/source/
        strategy: copy # or template, reference
        frequency: on_change # or on_release, manual
        transforms:
          - undelivered_links: strip # links to what is not delivered; or permalink, keep
      "
    `);
  const schema = await readFile(sandbox.path('source/.holdfast/config.schema.json'), 'utf8');
  expect(JSON.parse(schema)).toMatchObject({ type: 'object' });
  const planned = await sandbox.holdfast(['plan']);
  expect(planned.exitCode).toBe(0);
  expect(planned.stdout).toContain('+ docs/source/guide.md');
});

test('asks on the terminal; an empty answer takes what is proposed', async () => {
  await using sandbox = await createSource();
  const input =
    '\ndocs/*.md\norg/web=https://git.example.com/org/web.git\norg/api=../api.git\n\n\nhouse\n';
  const { exitCode, stderr, stdout } = await sandbox.holdfast(['init'], { input });
  expect({ exitCode, stderr }).toMatchInlineSnapshot(`
    {
      "exitCode": 0,
      "stderr": "Which tags are releases? [v*] Which files are delivered (a glob)? [docs/**] The first target, as name=path or name=URL? [org/example=../example.git] Another target (empty: no)? [] Another target (empty: no)? [] Into which folder there? [docs/source/] The prefix of branches, labels and folders? [source] ",
    }
  `);
  const configuration = await readFile(sandbox.path('source/holdfast.yaml'), 'utf8');
  expect(configuration).toContain('org/web: { url: "https://git.example.com/org/web.git" }');
  expect(configuration).toContain('org/api: { url: "../api.git" }');
  expect(configuration).toContain('namespace: house');
  expect(await readFile(sandbox.path('source/rules/house.yaml'), 'utf8')).toContain(
    'targets: [org/web, org/api]',
  );
  expect(stdout).toContain('put org/api at ../api.git, or correct holdfast.yaml');
  expect(stdout).not.toContain('put org/web');
});

test('an answer that cannot be used is asked for again at once', async () => {
  await using sandbox = await createSource();
  await sandbox.git(sandbox.path('source'), 'tag', 'v1.0.0');
  const input = [
    '1.*', // no such tag
    'v*',
    'dcos/**', // no such file
    'docs/**',
    'org/web', // no location
    'org/web=https://me:hunter2secret@git.example.com/web',
    'org/web=../web.git',
    'org/web=../twin.git', // the same again
    '',
    '../out',
    'standards/',
    'a b',
    'house',
    '',
  ].join('\n');
  const { exitCode, stderr } = await sandbox.holdfast(['init'], { input });
  expect(exitCode).toBe(0);
  expect(stderr).not.toContain('hunter2secret');
  for (const problem of [
    'no tag matches "1.*"; there are tags like v1.0.0',
    'no file matches "dcos/**"',
    'it must be like org/webapp=../webapp.git, got "org/web"',
    'must not hold credentials',
    'org/web is named twice',
    'target_path must',
    'namespace must',
  ]) {
    expect(stderr).toContain(problem);
  }
  expect(await readFile(sandbox.path('source/rules/web-house.yaml'), 'utf8')).toContain(
    'frequency: on_release',
  );
});

test.each([
  ['yes', 'yes'],
  ['x # z', "a'b"],
  ["it's", '- [x]'],
  ['null', '*a &b !c'],
  ['a\u2028b', '${x} %y'],
])('what is typed gets into YAML as it is: %j', async (folder, name) => {
  await using sandbox = await createSource();
  const location = `../${name}/web.git`;
  const done = await sandbox.holdfast([
    ...['init', '--yes', '--target', `org/web=${location}`],
    ...['--target-path', `${folder}/`, '--source', 'docs/**'],
  ]);
  expect(done).toMatchObject({ exitCode: 0, stderr: '' });
  const text = await readFile(sandbox.path('source/holdfast.yaml'), 'utf8');
  const rule = await readFile(sandbox.path('source/rules/web-source.yaml'), 'utf8');
  expect(parseConfiguration(text, { file: 'x' })).toMatchObject({
    kind: 'parsed',
    value: { targets: { 'org/web': { url: location } } },
  });
  expect(parseRules(rule, { file: 'x' })).toMatchObject({
    kind: 'parsed',
    value: [{ rule: { target_path: `${folder}/` } }],
  });
});

test.each([
  ['mkdocs.yml', 'site_name: x\n', 'mkdocs'],
  ['website/docusaurus.config.ts', 'export default {};\n', 'docusaurus'],
  ['docs/.vitepress/config.mts', 'export default {};\n', 'vitepress'],
  ['hugo.toml', 'baseURL = "x"\n', 'hugo'],
  ['config.toml', 'baseURL = "x"\n', 'hugo'],
  ['config.toml', '[server]\nport = 1\n', undefined],
  ['docs/_config.yml', 'theme: x\n', 'jekyll'],
  ['other/mkdocs.yml', 'site_name: x\n', undefined],
])('of %s the rule says how links are written', async (file, content, links) => {
  await using sandbox = await createSandbox();
  await sandbox.repository('source', { 'docs/guide.md': '# Guide\n', [file]: content });
  await sandbox.holdfast(['init', '--yes']);
  const rule = await readFile(sandbox.path('source/rules/example-source.yaml'), 'utf8');
  expect(/^ {2}links: (\w+)/m.exec(rule)?.[1]).toBe(links);
});

test('what is proposed is there in the newest release, and links to the rest do not block', async () => {
  await using sandbox = await createSandbox();
  await sandbox.repository('source', {
    'guide.md': '# Guide\n\nSee [the code](src/a.c).\n',
    'src/a.c': 'int a;\n',
  });
  await sandbox.git(sandbox.path('source'), 'tag', 'v1.0.0');
  await sandbox.commit('source', 'Docs come later', { 'docs/guide.md': '# Guide\n' });
  await sandbox.repository('web.git');
  await sandbox.holdfast(['init', '--yes', '--target', 'org/web=../web.git']);
  const planned = await sandbox.holdfast(['plan']);
  expect(planned).toMatchObject({ exitCode: 0, stderr: '' });
  expect(planned.stdout).toContain('+ docs/source/guide.md');
});

test('when the input ends early, nothing is written', async () => {
  await using sandbox = await createSource();
  const { exitCode, stderr } = await sandbox.holdfast(['init'], { input: '\ndocs/**\n' });
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
  [['--target', 'org/web=https://me:secret@git.example.com/web'], 'holdfast.yaml:11:'],
  [['--namespace', 'a b'], 'holdfast.yaml:4:12: namespace must'],
  [['--target-path', '../out'], 'rules/example-source.yaml:6:'],
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
  [['1.0.0', 'v2.0.0'], 'v*'],
  [['2024.1'], '[0-9]*'],
  [['3.9.5', '3.9.6', '4.0.0-alpha.1'], '3.*'],
  [['app-1.2.0', 'app-1.3.0'], 'app-[0-9]*'],
  [['nightly'], 'v*'],
  [[], 'v*'],
])('of the tags %j the releases are %s', async (tags, pattern) => {
  await using sandbox = await createSandbox();
  await sandbox.repository('source', { 'docs/a.md': '# A\n' });
  for (const tag of tags) {
    await sandbox.commit('source', tag, { 'docs/a.md': `# ${tag}\n` });
    await sandbox.git(sandbox.path('source'), 'tag', tag);
  }
  await sandbox.holdfast(['init', '--yes']);
  const text = await readFile(sandbox.path('source/holdfast.yaml'), 'utf8');
  expect(text).toContain(`release_tags: ${JSON.stringify(pattern)}\n`);
});

test('of two ways to name versions the one with the latest release is taken', async () => {
  await using sandbox = await createSandbox();
  await sandbox.repository('source', { 'docs/a.md': '# A\n' });
  const cwd = sandbox.path('source');
  await sandbox.git(cwd, 'tag', 'v1.15.0');
  await sandbox.commit('source', 'Later', { 'docs/a.md': '# B\n' });
  await sandbox.git(cwd, 'tag', '3.9.6');
  await sandbox.holdfast(['init', '--yes']);
  const text = await readFile(sandbox.path('source/holdfast.yaml'), 'utf8');
  expect(text).toContain('release_tags: "[0-9]*"\n');
});
