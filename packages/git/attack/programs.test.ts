import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RUNNABLE_SETTINGS, type RunnableSetting } from '../src/program/runnable-settings.js';
import type { Repository } from '../src/index.js';
import { ada, commitFiles, git, makeFolder, makeRepository } from '../test/scratch.js';
import { collect, engines, errorOf, open } from '../test/table.js';

const HOOKS = [
  'applypatch-msg',
  'fsmonitor-watchman',
  'post-checkout',
  'post-commit',
  'post-index-change',
  'post-receive',
  'post-update',
  'pre-auto-gc',
  'pre-commit',
  'pre-push',
  'pre-receive',
  'proc-receive',
  'push-to-checkout',
  'reference-transaction',
  'update',
];

/** A program that leaves a mark; what is planted must never run. */
function plantProgram(): { program: string; ran: () => string } {
  const folder = makeFolder();
  const mark = join(folder, 'ran');
  const program = join(folder, 'planted');
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> ${mark}\nexit 1\n`, { mode: 0o755 });
  return { program, ran: () => (existsSync(mark) ? readFileSync(mark, 'utf8') : '') };
}

/** A repository with attributes that name drivers, two commits, and one object that is not there. */
function prepare(): { folder: string; first: string; second: string; missing: string } {
  const folder = makeRepository();
  const attributes = '* filter=evil diff=evil merge=evil\n';
  const first = commitFiles(folder, { '.gitattributes': attributes, a: '1', gone: 'gone' });
  const second = commitFiles(folder, { a: '2', 'd/new': 'new', lost: 'lost', gone: null });
  git(folder, 'tag', '-a', 'v1.0.0', '-m', 'one', first);
  git(folder, 'reset', '-q', '--hard', first);
  const missing = git(folder, 'rev-parse', `${second}:lost`);
  rmSync(join(folder, '.git/objects', missing.slice(0, 2), missing.slice(2)));
  return { folder, first, second, missing };
}

/** Each setting by itself where there is time for it, else all at once. */
const PLANTS: [string, readonly RunnableSetting[]][] =
  process.env['HOLDFAST_ATTACK'] === 'full'
    ? RUNNABLE_SETTINGS.map((setting) => [setting.key, [setting]])
    : [['every setting that can run something', RUNNABLE_SETTINGS]];

function plantSetting(folder: string, key: string, program: string): void {
  const name = key.replace('*', key.startsWith('credential') ? 'https://h.example' : 'evil');
  const value = {
    'core.hooksPath': dirname(program),
    'filter.*.required': 'true',
    'remote.*.promisor': 'true',
    'log.showSignature': 'true',
    'submodule.recurse': 'true',
    'remote.*.vcs': 'ext',
  }[key];
  for (const hook of key === 'core.hooksPath' ? HOOKS : []) {
    writeFileSync(join(dirname(program), hook), readFileSync(program), { mode: 0o755 });
  }
  git(folder, 'config', name, value ?? program);
}

/** Uses every function of a repository; what fails must not hide what runs. */
async function useAll(repository: Repository, first: string, second: string, missing: string) {
  const settle = async (work: Promise<unknown>): Promise<void> => void (await work.catch(() => 0));
  for (const name of ['HEAD', 'main', 'v1.0.0', 'main~1', first.slice(0, 8), 'nope', 'main@{1}']) {
    await settle(repository.resolveCommit(name));
  }
  await settle(repository.listRefs('refs/'));
  await settle(repository.defaultBranch());
  await settle(repository.listReleases('v*'));
  await settle(repository.readSnapshot(second));
  await settle(repository.readBlob(missing));
  await settle(repository.hasObject(missing));
  await settle(collect(repository.readBlobs([missing])));
  await settle(repository.log({ to: second, paths: ['a'] }));
  await settle(repository.mergeBase(first, second));
  await settle(repository.isAncestor(first, second));
  await settle(repository.diffTrees(first, second));
  const change = { path: 'b', mode: '100644' as const, content: Buffer.from('b') };
  const changes = { changes: [change], message: 'x', author: ada, committer: ada };
  await settle(
    repository.writeCommit({ parent: first, ...changes }).then(async ({ commit }) => {
      await settle(repository.updateRefs([{ ref: 'refs/heads/x', old: null, new: commit }]));
      await settle(repository.updateRefs([{ ref: 'refs/heads/main', old: first, new: commit }]));
      await settle(repository.updateRefs([{ ref: 'refs/heads/x', old: commit, new: null }]));
    }),
  );
}

describe('programs that a repository names', () => {
  describe.each(engines)('%s', (engine) => {
    test.each(PLANTS)('%s', async (_name, settings) => {
      const { folder, first, second, missing } = prepare();
      const { program, ran } = plantProgram();
      git(folder, 'config', 'remote.evil.url', `ext::${program}`);
      git(folder, 'config', 'protocol.ext.allow', 'always');
      for (const { key } of settings) plantSetting(folder, key, program);
      for (const place of [folder, cloneWithConfig(folder)]) {
        const repository = await open(place, { engine });
        await useAll(repository, first, second, missing);
      }
      expect(ran()).toBe('');
    });

    test('hooks in their folder', async () => {
      const { folder, first, second, missing } = prepare();
      const { program, ran } = plantProgram();
      mkdirSync(join(folder, '.git/hooks'), { recursive: true });
      for (const hook of HOOKS) {
        writeFileSync(join(folder, '.git/hooks', hook), readFileSync(program), { mode: 0o755 });
      }
      await useAll(await open(folder, { engine }), first, second, missing);
      await useAll(await open(`file://${folder}`, { engine }), first, second, missing);
      expect(ran()).toBe('');
    });

    test.each([
      ['over a file URL', (program: string) => ({ url: 'file:///', uploadpack: program })],
      ['over ssh', (program: string) => ({ url: 'ssh://h.example/x', ssh: program })],
      ['over a remote helper', (program: string) => ({ url: `ext::${program} %S` })],
    ])('a promisor remote that is asked for what is missing %s', async (_name, plant) => {
      const { folder, first, second, missing } = prepare();
      const { program, ran } = plantProgram();
      const { url, uploadpack, ssh }: { url: string; uploadpack?: string; ssh?: string } =
        plant(program);
      const bare = cloneWithConfig(folder);
      for (const [key, value] of [
        ['core.repositoryformatversion', '1'],
        ['extensions.partialClone', 'evil'],
        ['remote.evil.url', url],
        ['remote.evil.promisor', 'true'],
        ['protocol.allow', 'always'],
        ['protocol.ext.allow', 'always'],
        ['protocol.file.allow', 'always'],
        ...(uploadpack === undefined ? [] : [['remote.evil.uploadpack', uploadpack] as const]),
        ...(ssh === undefined ? [] : [['core.sshCommand', ssh] as const]),
      ] as const) {
        git(bare, 'config', key, value);
      }
      expect(() => git(bare, 'cat-file', '-e', missing)).toThrow();
      expect(ran(), 'the plant works').not.toBe('');
      rmSync(join(dirname(program), 'ran'));
      const repository = await open(bare, { engine });
      await useAll(repository, first, second, missing);
      expect(await errorOf(repository.readBlob(missing))).toMatchObject({ code: 'missing-object' });
      expect(ran()).toBe('');
    });

    test('the includes of a configuration', async () => {
      const { folder, first, second, missing } = prepare();
      const { program, ran } = plantProgram();
      const included = join(makeFolder(), 'more');
      writeFileSync(included, `[filter "evil"]\n\tclean = ${program}\n\tsmudge = ${program}\n`);
      git(folder, 'config', 'include.path', included);
      await useAll(await open(folder, { engine }), first, second, missing);
      expect(ran()).toBe('');
    });
  });

  test('a filter is no reason to take a work tree for changed, and its files follow', async () => {
    const folder = makeRepository();
    const old = commitFiles(folder, { '.gitattributes': '* filter=evil\n', a: '1' });
    const next = commitFiles(folder, { a: '2' });
    git(folder, 'reset', '-q', '--hard', old);
    const { program, ran } = plantProgram();
    for (const kind of ['clean', 'smudge', 'process']) {
      git(folder, 'config', `filter.evil.${kind}`, program);
    }
    git(folder, 'config', 'filter.evil.required', 'true');
    const repository = await open(folder, { engine: 'program' });
    const update = { ref: 'refs/heads/main', old, new: next };
    expect(await repository.updateRefs([update])).toEqual({ kind: 'updated' });
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('2');
    expect(ran()).toBe('');
  });

  test('they run where the caller says so', async () => {
    const folder = makeRepository();
    const old = commitFiles(folder, { '.gitattributes': '* filter=mine\n', a: '1' });
    const next = commitFiles(folder, { a: '2' });
    git(folder, 'reset', '-q', '--hard', old);
    const { program, ran } = plantProgram();
    writeFileSync(program, readFileSync(program, 'utf8').replace('exit 1', 'cat'));
    chmodSync(program, 0o755);
    git(folder, 'config', 'filter.mine.smudge', program);
    const hook = join(folder, '.git/hooks/reference-transaction');
    mkdirSync(dirname(hook), { recursive: true });
    const script = readFileSync(program, 'utf8').replace('cat', 'exit 0');
    writeFileSync(hook, script.replace('"$0', '"hook $0'), { mode: 0o755 });
    const repository = await open(folder, { engine: 'program', runHooks: true });
    await repository.updateRefs([{ ref: 'refs/heads/main', old, new: next }]);
    expect(ran()).toContain('planted');
    expect(ran()).toContain('hook ');
  });
});

describe('places that a repository leads to', () => {
  test('core.worktree', async () => {
    const folder = makeRepository();
    const old = commitFiles(folder, { a: '1' });
    const next = commitFiles(folder, { a: '2', b: 'b' });
    git(folder, 'reset', '-q', '--hard', old);
    const victim = makeFolder();
    writeFileSync(join(victim, 'a'), '1');
    git(folder, 'config', 'core.worktree', victim);
    const repository = await open(folder, { engine: 'program' });
    const update = { ref: 'refs/heads/main', old, new: next };
    expect(await repository.updateRefs([update])).toEqual({ kind: 'updated' });
    expect(readFileSync(join(victim, 'a'), 'utf8')).toBe('1');
    expect(existsSync(join(victim, 'b'))).toBe(false);
    expect(readFileSync(join(folder, 'b'), 'utf8')).toBe('b');
  });

  test('a linked work tree that is not its own', async () => {
    const folder = makeRepository();
    const old = commitFiles(folder, { a: '1' });
    const next = commitFiles(folder, { a: '2', b: 'b' });
    git(folder, 'branch', 'side', old);
    const victim = makeRepository();
    commitFiles(victim, { a: '1' });
    const linked = join(makeFolder(), 'linked');
    git(victim, 'worktree', 'add', '-q', '-b', 'side', linked);
    const claim = join(folder, '.git/worktrees/evil');
    mkdirSync(claim, { recursive: true });
    writeFileSync(join(claim, 'gitdir'), `${linked}/.git\n`);
    writeFileSync(join(claim, 'HEAD'), 'ref: refs/heads/side\n');
    writeFileSync(join(claim, 'commondir'), '../..\n');
    const repository = await open(folder, { engine: 'program' });
    const update = { ref: 'refs/heads/side', old, new: next };
    expect(await repository.updateRefs([update])).toEqual({ kind: 'updated' });
    expect(git(linked, 'status', '--porcelain')).toBe('');
    expect(existsSync(join(linked, 'b'))).toBe(false);
  });

  test.each([
    ['an ignored file', 'out', (at: string) => writeFileSync(at, 'precious')],
    ['an ignored folder', 'out', (at: string) => fill(at)],
    ['a file where a folder is to be', 'dir', (at: string) => writeFileSync(at, 'precious')],
    ['a link where a folder is to be', 'dir', (at: string) => link(at)],
  ])('a merge into a checked-out branch over %s', async (_name, path, disturb) => {
    const folder = makeRepository();
    const old = commitFiles(folder, { '.gitignore': 'out\ndir\n', a: '1' });
    const next = commitFiles(folder, { out: 'theirs', 'dir/x': 'theirs' });
    git(folder, 'reset', '-q', '--hard', old);
    disturb(join(folder, path));
    const before = git(folder, 'status', '--porcelain', '--ignored');
    const repository = await open(folder, { engine: 'program' });
    const outcome = await repository.updateRefs([{ ref: 'refs/heads/main', old, new: next }]);
    expect(outcome).toMatchObject({ kind: 'checked-out', worktree: folder });
    expect(outcome).toMatchObject({ path: expect.stringMatching(`^${path}`) });
    expect(git(folder, 'status', '--porcelain', '--ignored')).toBe(before);
    expect(git(folder, 'rev-parse', 'HEAD')).toBe(old);
  });
});

/** A bare copy with the same objects, missing ones among them, and the same configuration. */
function cloneWithConfig(folder: string): string {
  const bare = join(makeFolder(), 'bare.git');
  cpSync(join(folder, '.git'), bare, { recursive: true });
  git(bare, 'config', 'core.bare', 'true');
  return bare;
}

function fill(folder: string): void {
  mkdirSync(folder);
  writeFileSync(join(folder, 'inside'), 'precious');
}

function link(at: string): void {
  const elsewhere = makeFolder();
  writeFileSync(join(elsewhere, 'x'), 'precious');
  symlinkSync(elsewhere, at);
}
