import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Notice } from '../src/index.js';
import { ada, cloneBare, commitFiles, git, makeFolder, makeRepository } from '../test/scratch.js';
import { engines, errorOf, open } from '../test/table.js';

const KILLS = process.env['HOLDFAST_ATTACK'] === 'full' ? 155 : 3;

/** The same sequence from the same seed; Marsaglia's xorshift32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const update = (ref: string, old: string | null, next: string | null) => ({ ref, old, new: next });

describe.each(engines)('kills at random, %s', (engine) => {
  test(`${KILLS} of ${KILLS} leave nothing that stops the next run`, async ({ task }) => {
    const work = makeRepository();
    commitFiles(work, { counter: '0' });
    const folder = cloneBare(work);
    const random = createRandom(20_261_124);
    const script = join(import.meta.dirname, '../test/endless-writer.js');
    const hook = join(import.meta.dirname, '../test/resolve-source.js');
    Object.assign(task.meta, { tried: KILLS, held: 0 });
    for (let done = 0; done < KILLS; done++) {
      const child = execFile(process.execPath, [`--import=${hook}`, script, folder, engine]);
      const closed = once(child, 'close');
      await pause(250 + random() * 700);
      child.kill('SIGKILL');
      await closed;
      const repository = await open(folder, { engine });
      const old = (await repository.resolveCommit('refs/heads/main'))?.oid ?? '';
      const change = { path: 'after', mode: '100644' as const, content: Buffer.from(`${done}`) };
      const { commit } = await repository.writeCommit({
        ...{ parent: old, changes: [change], message: 'x', author: ada, committer: ada },
      });
      const outcome = await repository.updateRefs([update('refs/heads/main', old, commit)]);
      expect(outcome, `kill ${done}`).toEqual({ kind: 'updated' });
      await repository.close();
      Object.assign(task.meta, { held: done + 1 });
    }
    expect(git(folder, 'fsck', '--no-dangling', '--connectivity-only')).toBe('');
  });
});

describe.each(engines)('locks that were left behind, %s', (engine) => {
  async function prepare() {
    const work = makeRepository();
    const first = commitFiles(work, { a: '1' });
    const second = commitFiles(work, { a: '2' });
    const folder = cloneBare(work);
    const lock = join(folder, 'refs/heads/x.lock');
    mkdirSync(dirname(lock), { recursive: true });
    const notices: Notice[] = [];
    const repository = await open(folder, { engine, onNotice: (notice) => notices.push(notice) });
    return { folder, lock, first, second, notices, repository };
  }

  const boot = (): string => {
    try {
      return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    } catch {
      return '-';
    }
  };

  test.each([
    ['of a process that has ended', () => `holdfast-lock 1 ${hostname()} ${boot()} 4194000 1\n`],
    [
      'of a process whose number another one has now',
      () => `holdfast-lock 1 ${hostname()} ${boot()} ${process.pid} 1\n`,
    ],
    ['from before a restart', () => `holdfast-lock 1 ${hostname()} another-boot 1 1\n`],
  ])('%s are taken away, and said', async (_name, text) => {
    const { lock, first, notices, repository } = await prepare();
    writeFileSync(lock, text());
    const outcome = await repository.updateRefs([update('refs/heads/x', null, first)]);
    expect(outcome).toEqual({ kind: 'updated' });
    expect(notices).toMatchObject([{ kind: 'abandoned-lock', path: lock }]);
    expect(existsSync(lock)).toBe(false);
  });

  test('by a git that was killed are taken away once nobody works there', async () => {
    const { lock, first, notices, repository } = await prepare();
    writeFileSync(lock, '');
    utimesSync(lock, new Date(), new Date(Date.now() - 60_000));
    const outcome = await repository.updateRefs([update('refs/heads/x', null, first)]);
    expect(outcome).toEqual({ kind: 'updated' });
    expect(notices).toMatchObject([{ kind: 'abandoned-lock', path: lock }]);
  });

  test('by a process that lives are respected', async () => {
    const { folder, lock, first, notices, repository } = await prepare();
    const holder = spawn('git', ['-C', folder, 'cat-file', '--batch'], { stdio: 'pipe' });
    try {
      await pause(100);
      writeFileSync(lock, '');
      utimesSync(lock, new Date(), new Date(Date.now() - 60_000));
      const error = await errorOf(repository.updateRefs([update('refs/heads/x', null, first)]));
      expect(error).toMatchObject({ code: 'locked', data: { lock } });
      expect(existsSync(lock)).toBe(true);
      expect(notices).toEqual([]);
    } finally {
      holder.stdin.end();
      await once(holder, 'close');
    }
  });

  test('by another machine are respected, until they are old', async () => {
    const { lock, first, repository } = await prepare();
    writeFileSync(lock, 'holdfast-lock 1 elsewhere.example boot 1 1\n');
    const updates = [update('refs/heads/x', null, first)];
    expect(await errorOf(repository.updateRefs(updates))).toMatchObject({ code: 'locked' });
    utimesSync(lock, new Date(), new Date(Date.now() - 3_600_000));
    expect(await repository.updateRefs(updates)).toEqual({ kind: 'updated' });
  });

  test('are taken away by one of many who find them', async () => {
    const { folder, lock, first, second, repository } = await prepare();
    await repository.updateRefs([update('refs/heads/x', null, first)]);
    writeFileSync(lock, `holdfast-lock 1 ${hostname()} another-boot 1 1\n`);
    const others = await Promise.all(Array.from({ length: 8 }, () => open(folder, { engine })));
    const outcomes = await Promise.all(
      others.map((each) => each.updateRefs([update('refs/heads/x', first, second)])),
    );
    expect(outcomes.every(({ kind }) => kind === 'updated')).toBe(true);
    expect(git(folder, 'rev-parse', 'x')).toBe(second);
    expect(existsSync(lock)).toBe(false);
  });
});

describe.each(engines)('links in a git directory, %s', (engine) => {
  test.each([
    ['a folder of refs', 'refs/heads/deep', 'refs/heads/deep/x'],
    ['the branches', 'refs/heads', 'refs/heads/x'],
  ])('%s that leads elsewhere is not written through', async (_name, at, ref) => {
    const work = makeRepository();
    const first = commitFiles(work, { a: '1' });
    const folder = cloneBare(work);
    const elsewhere = makeFolder();
    rmSync(join(folder, at), { recursive: true, force: true });
    symlinkSync(elsewhere, join(folder, at));
    const repository = await open(folder, { engine });
    const error = await errorOf(repository.updateRefs([update(ref, null, first)]));
    expect(error).toMatchObject({ code: 'unsafe-repository' });
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  test('a folder of objects, and a lock that is a link', async () => {
    const work = makeRepository();
    const first = commitFiles(work, { a: '1' });
    const folder = cloneBare(work);
    const elsewhere = makeFolder();
    const repository = await open(folder, { engine });
    const target = join(elsewhere, 'victim');
    symlinkSync(target, join(folder, 'refs/heads/x.lock'));
    const old = new Date(Date.now() - 60_000);
    lutimesSync(join(folder, 'refs/heads/x.lock'), old, old);
    const error = await errorOf(repository.updateRefs([update('refs/heads/x', null, first)])).catch(
      () => undefined,
    );
    expect(error === undefined || error.code === 'locked').toBe(true);
    expect(readdirSync(elsewhere)).toEqual([]);
    for (let byte = 0; byte < 256; byte++) {
      const name = join(folder, 'objects', byte.toString(16).padStart(2, '0'));
      if (!existsSync(name)) symlinkSync(elsewhere, name);
    }
    const change = { path: 'b', mode: '100644' as const, content: Buffer.from('new bytes') };
    const write = repository.writeCommit({
      ...{ parent: first, changes: [change], message: 'x', author: ada, committer: ada },
    });
    expect(await errorOf(write)).toMatchObject({ code: 'unsafe-repository' });
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});
