import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createSandbox } from './sandbox.js';
import type { Sandbox } from './sandbox.js';

const execute = promisify(execFile);
const bin = fileURLToPath(new URL('../bin/holdfast.js', import.meta.url));
if (!existsSync(fileURLToPath(new URL('../dist/holdfast.js', import.meta.url)))) {
  throw new Error('the bundle is not built; build it with: node apps/cli/esbuild.config.js');
}

/** A work tree `source` with one commit; `holdfast` is among its packages unless it is not wanted. */
async function createWorkTree({ installed = true } = {}): Promise<Sandbox> {
  const sandbox = await createSandbox();
  await sandbox.repository('source', {});
  await sandbox.write({
    'source/README.md': '# Source\n',
    'source/.gitignore': 'node_modules\n',
  });
  if (installed) await install(sandbox.path('source'));
  await commit(sandbox, { message: 'Begin' });
  return sandbox;
}

async function install(folder: string): Promise<void> {
  await mkdir(join(folder, 'node_modules/.bin'), { recursive: true });
  await symlink(bin, join(folder, 'node_modules/.bin/holdfast'));
}

interface CommitOptions {
  readonly message?: string;
  readonly cwd?: string;
  readonly args?: readonly string[];
  readonly all?: boolean;
}

/** The folders of PATH that have no holdfast. */
function pathWithout(): string {
  const folders = [dirname(process.execPath), ...(process.env['PATH'] ?? '').split(':')];
  return folders.filter((folder) => !existsSync(join(folder, 'holdfast'))).join(':');
}

/** Commits as people do: the real git runs the real hook. */
async function commit(sandbox: Sandbox, options: CommitOptions = {}) {
  const { cwd = sandbox.path('source'), message = 'Change', args = [], all = true } = options;
  if (all) await sandbox.git(cwd, 'add', '--all');
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  const env = { ...process.env, PATH: pathWithout(), HOME: sandbox.folder };
  return execute('git', [...identity, 'commit', '-m', message, ...args], { cwd, env }).then(
    ({ stderr, stdout }) => ({ done: true, said: stdout + stderr }),
    ({ stderr, stdout }: { stderr: string; stdout: string }) => ({
      done: false,
      said: stdout + stderr,
    }),
  );
}

const broken = '[x](missing.md)\n';

describe('the hook', () => {
  test('stops a commit by what is staged, not by what lies on the disk', async () => {
    await using sandbox = await createWorkTree();
    const { exitCode, stdout } = await sandbox.holdfast(['hooks', 'install']);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: `+ .git/hooks/pre-commit
  runs holdfast validate --staged before each commit
Take it away with: holdfast hooks remove
`,
    });
    await sandbox.write({ 'source/a.md': broken });
    const stopped = await commit(sandbox);
    expect(stopped.done).toBe(false);
    expect(stopped.said).toContain('link/missing-file');
    expect(stopped.said).toContain('git commit --no-verify');
    await sandbox.write({ 'source/a.md': '# A\n' });
    expect((await commit(sandbox, { all: false })).done).toBe(false);
    expect((await commit(sandbox)).done).toBe(true);
    await sandbox.write({ 'source/b.md': broken, 'source/a.md': '# B\n' });
    await sandbox.git(sandbox.path('source'), 'add', 'a.md');
    expect((await commit(sandbox, { all: false })).done).toBe(true);
    expect((await commit(sandbox, { args: ['--no-verify'] })).done).toBe(true);
  });

  test('sees the index of a partial commit, of commit --all, and of a subfolder', async () => {
    await using sandbox = await createWorkTree();
    await sandbox.write({ 'source/a.md': '# A\n', 'source/deep/b.md': '# B\n' });
    await commit(sandbox);
    await sandbox.holdfast(['hooks', 'install']);
    await sandbox.write({ 'source/a.md': broken, 'source/deep/b.md': '# Better\n' });
    const cwd = sandbox.path('source/deep');
    expect(await commit(sandbox, { all: false, args: ['--all'], cwd })).toMatchObject({
      done: false,
      said: expect.stringContaining('a.md'),
    });
    expect(await commit(sandbox, { all: false, args: ['--', 'b.md'], cwd })).toMatchObject({
      done: true,
    });
    expect((await commit(sandbox, { all: false, args: ['--', 'a.md'] })).done).toBe(false);
  });

  test('works for the first commit, an amended one and a merge', async () => {
    await using sandbox = await createSandbox();
    await sandbox.repository('source', {});
    const source = sandbox.path('source');
    await install(source);
    await sandbox.holdfast(['hooks', 'install']);
    await sandbox.write({ 'source/.gitignore': 'node_modules\n', 'source/a.md': broken });
    expect((await commit(sandbox)).done).toBe(false);
    await sandbox.write({ 'source/a.md': '# A\n' });
    expect((await commit(sandbox)).done).toBe(true);
    await sandbox.write({ 'source/a.md': broken });
    expect((await commit(sandbox, { args: ['--amend'] })).done).toBe(false);
    await sandbox.write({ 'source/a.md': '# A\n' });
    await sandbox.git(source, 'checkout', '--quiet', '-b', 'other');
    await sandbox.write({ 'source/b.md': broken });
    await commit(sandbox, { args: ['--no-verify'] });
    await sandbox.git(source, 'checkout', '--quiet', 'main');
    await sandbox.write({ 'source/c.md': '# C\n' });
    await commit(sandbox);
    const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
    await sandbox.git(source, ...identity, 'merge', '--quiet', '--no-commit', 'other');
    expect((await commit(sandbox)).said).toContain('b.md');
  });

  test('lets a commit pass, and says so, where holdfast is not installed', async () => {
    await using sandbox = await createWorkTree({ installed: false });
    await sandbox.holdfast(['hooks', 'install']);
    await sandbox.write({ 'source/a.md': broken });
    expect(await commit(sandbox)).toMatchObject({
      done: true,
      said: expect.stringContaining('so what is staged was NOT checked'),
    });
  });

  test('stops a commit where the configuration is wrong', async () => {
    await using sandbox = await createWorkTree();
    await sandbox.holdfast(['hooks', 'install']);
    await sandbox.write({ 'source/holdfast.yaml': 'nonsense: 1\n' });
    expect(await commit(sandbox)).toMatchObject({
      done: false,
      said: expect.stringContaining('unknown key "nonsense"'),
    });
  });

  test('serves linked work trees, which need no packages of their own', async () => {
    await using sandbox = await createWorkTree();
    const linked = sandbox.path('linked');
    await sandbox.git(sandbox.path('source'), 'worktree', 'add', '--quiet', linked);
    const { stdout } = await sandbox.holdfast(['hooks', 'install'], { cwd: linked });
    expect(stdout).toContain(`+ ${sandbox.path('source/.git/hooks/pre-commit')}`);
    await sandbox.write({ 'linked/a.md': broken });
    expect((await commit(sandbox, { cwd: linked })).done).toBe(false);
    await sandbox.write({ 'linked/a.md': '[r](README.md)\n' });
    expect((await commit(sandbox, { cwd: linked })).done).toBe(true);
  });

  test('can be tried without a commit', async () => {
    await using sandbox = await createWorkTree();
    expect((await sandbox.holdfast(['hooks', 'run'])).exitCode).toBe(0);
    await sandbox.write({ 'source/a.md': broken });
    expect((await sandbox.holdfast(['hooks', 'run'])).exitCode).toBe(0);
    await sandbox.git(sandbox.path('source'), 'add', 'a.md');
    const { exitCode, stdout } = await sandbox.holdfast(['hooks', 'run', '--json']);
    expect({ exitCode, ...JSON.parse(stdout) }).toMatchObject({
      exitCode: 1,
      command: 'hooks run',
      findings: [{ path: 'a.md' }],
    });
  });
});

/** Every file of a folder with its bytes, mode and kind. */
async function look(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => !name.endsWith('.sample'));
  const entries = await Promise.all(
    names.sort().map(async (name) => {
      const { mode } = await lstat(join(folder, name));
      const content = await readFile(join(folder, name), 'latin1');
      return [name, `${mode.toString(8)} ${content}`] as const;
    }),
  );
  return Object.fromEntries(entries);
}

describe('an existing hook', () => {
  const hooks = {
    'a shell script': '#!/bin/sh\necho the-old-one "$0" >&2\n',
    'one that refuses': '#!/bin/sh\necho the-old-one >&2\nexit 7\n',
    'one without a last line feed': '#!/bin/sh\necho the-old-one >&2',
    'one in another language': '#!/usr/bin/env node\nconsole.error("the-old-one");\n',
    'bytes of no encoding': '#!/bin/sh\necho the-old-one >&2 # \xff\xfe\r\n',
  };

  test.each(Object.entries(hooks))('%s runs first, and comes back', async (_name, text) => {
    await using sandbox = await createWorkTree();
    const folder = sandbox.path('source/.git/hooks');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'pre-commit'), text, 'latin1');
    await chmod(join(folder, 'pre-commit'), 0o750);
    const before = await look(folder);
    const { stdout } = await sandbox.holdfast(['hooks', 'install']);
    expect(stdout).toContain('the hook that was there runs first');
    await sandbox.write({ 'source/a.md': broken });
    const stopped = await commit(sandbox);
    expect(stopped.said).toContain('the-old-one');
    expect(stopped.said.includes('link/missing-file')).toBe(!text.includes('exit 7'));
    const again = await sandbox.holdfast(['hooks', 'install']);
    expect(again.stdout).toBe('.git/hooks/pre-commit is installed already.\n');
    const removed = await sandbox.holdfast(['hooks', 'remove']);
    expect(removed.stdout).toBe('- .git/hooks/pre-commit\n  what was there before is back\n');
    expect(await look(folder)).toEqual(before);
    const twice = await sandbox.holdfast(['hooks', 'remove']);
    expect(twice.stdout).toBe('There is no hook of holdfast at .git/hooks/pre-commit.\n');
    expect(twice.exitCode).toBe(0);
    expect(await look(folder)).toEqual(before);
  });

  test('that is a link, or off, stays what it was', async () => {
    await using sandbox = await createWorkTree();
    const folder = sandbox.path('source/.git/hooks');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'off'), '#!/bin/sh\nexit 1\n');
    await symlink('off', join(folder, 'pre-commit'));
    await sandbox.holdfast(['hooks', 'install']);
    await sandbox.write({ 'source/a.md': '# A\n' });
    expect((await commit(sandbox)).done).toBe(true);
    await sandbox.holdfast(['hooks', 'remove']);
    expect((await lstat(join(folder, 'pre-commit'))).isSymbolicLink()).toBe(true);
  });

  test('of an earlier version of ours is brought up to date, an edited one is not lost', async () => {
    await using sandbox = await createWorkTree();
    await sandbox.holdfast(['hooks', 'install']);
    const path = sandbox.path('source/.git/hooks/pre-commit');
    const text = await readFile(path, 'utf8');
    await writeFile(path, `${text}echo mine\n`);
    for (const command of ['install', 'remove']) {
      const { exitCode, stderr } = await sandbox.holdfast(['hooks', command]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('was written by holdfast and edited since');
    }
    expect((await sandbox.holdfast(['hooks', 'install', '--force'])).stdout).toBe(
      '~ .git/hooks/pre-commit\n  is now what this version writes\n',
    );
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  test('that replaced ours is left to people', async () => {
    await using sandbox = await createWorkTree();
    const folder = sandbox.path('source/.git/hooks');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'pre-commit'), '#!/bin/sh\n');
    await sandbox.holdfast(['hooks', 'install']);
    await writeFile(join(folder, 'pre-commit'), '#!/bin/sh\necho other\n');
    const { exitCode, stderr } = await sandbox.holdfast(['hooks', 'install']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('was replaced by another tool');
    await rm(join(folder, 'pre-commit'));
    await sandbox.holdfast(['hooks', 'remove']);
    expect(await look(folder)).toEqual({ 'pre-commit': '100644 #!/bin/sh\n' });
  });
});

describe('core.hooksPath', () => {
  async function withHooksPath(value: string): Promise<Sandbox> {
    const sandbox = await createWorkTree();
    await sandbox.git(sandbox.path('source'), 'config', 'core.hooksPath', value);
    return sandbox;
  }

  test('may be a folder of the work tree, seen from any folder of it', async () => {
    await using sandbox = await withHooksPath('.githooks');
    await mkdir(sandbox.path('source/deep'));
    const { stdout } = await sandbox.holdfast(['hooks', 'install'], {
      cwd: sandbox.path('source/deep'),
    });
    expect(stdout).toContain('+ .githooks/pre-commit\n');
    expect(stdout).toContain('it lies in the work tree: commit it to share it');
    await sandbox.write({ 'source/a.md': broken });
    expect((await commit(sandbox)).done).toBe(false);
    await sandbox.holdfast(['hooks', 'remove']);
    expect(await readdir(sandbox.path('source/.githooks'))).toEqual([]);
  });

  test('outside of the repository needs --force, both ways', async () => {
    await using sandbox = await createWorkTree();
    const shared = sandbox.path('shared');
    await mkdir(shared);
    await sandbox.git(sandbox.path('source'), 'config', 'core.hooksPath', shared);
    const refused = await sandbox.holdfast(['hooks', 'install']);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(`into ${shared}, which other repositories may share`);
    expect(await readdir(shared)).toEqual([]);
    const forced = await sandbox.holdfast(['hooks', 'install', '--force']);
    expect(forced.stdout).toContain('it works for every repository that uses this folder');
    expect((await sandbox.holdfast(['hooks', 'remove'])).exitCode).toBe(2);
    await sandbox.holdfast(['hooks', 'remove', '--force']);
    expect(await readdir(shared)).toEqual([]);
  });

  test('may lead out of the repository by a link', async () => {
    await using sandbox = await createWorkTree();
    await mkdir(sandbox.path('shared'));
    await rm(sandbox.path('source/.git/hooks'), { recursive: true, force: true });
    await symlink(sandbox.path('shared'), sandbox.path('source/.git/hooks'));
    expect((await sandbox.holdfast(['hooks', 'install'])).exitCode).toBe(2);
  });

  test.each([
    { version: '9', folder: '.husky/_', own: 'h', script: undefined },
    { version: '9', folder: '.husky/_', own: 'h', script: 'echo theirs' },
    { version: '8', folder: '.husky', own: '_/husky.sh', script: '#!/bin/sh\necho theirs\n' },
    { version: '8', folder: '.husky', own: '_/husky.sh', script: '' },
  ])('of husky $version gets a block in its script $script', async ({ folder, own, script }) => {
    await using sandbox = await withHooksPath(folder);
    const path = sandbox.path('source/.husky/pre-commit');
    await sandbox.write({ [`source/${folder}/${own}`]: '#!/bin/sh\n' });
    if (script !== undefined) {
      await writeFile(path, script);
      await chmod(path, 0o755);
    }
    if (folder.endsWith('_')) {
      await sandbox.write({
        [`source/${folder}/pre-commit`]: '#!/bin/sh\nexec sh -e .husky/pre-commit "$@"\n',
      });
      await chmod(sandbox.path('source', folder, 'pre-commit'), 0o755);
    }
    const before = await look(dirname(path)).catch(() => ({}));
    await sandbox.holdfast(['hooks', 'install']);
    const installed = await readFile(path, 'utf8');
    expect(installed.startsWith(script ?? '# >>> holdfast')).toBe(true);
    expect((await sandbox.holdfast(['hooks', 'install'])).stdout).toBe(
      '.husky/pre-commit is installed already.\n',
    );
    await sandbox.write({ 'source/a.md': broken });
    if (script !== '') {
      const stopped = await commit(sandbox);
      expect(stopped.done).toBe(false);
      expect(stopped.said.includes('theirs')).toBe(script !== undefined);
    }
    await writeFile(path, installed.replace('NOT checked', 'checked'));
    expect((await sandbox.holdfast(['hooks', 'install'])).stdout).toContain('~ .husky/pre-commit');
    expect(await readFile(path, 'utf8')).toBe(installed);
    await sandbox.holdfast(['hooks', 'remove']);
    expect(await look(dirname(path)).catch(() => ({}))).toEqual(before);
  });
});

test.each(['install', 'remove', 'run'])('hooks %s needs a work tree', async (command) => {
  await using sandbox = await createSandbox();
  await sandbox.repository('bare.git');
  for (const cwd of [sandbox.folder, sandbox.path('bare.git')]) {
    const { exitCode, stderr } = await sandbox.holdfast(['hooks', command], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('is in no work tree of git');
  }
});
