import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { GitError, type Repository } from '../src/index.js';
import { ada, cloneBare, commitFiles, git, makeFolder, makeRepository } from '../test/scratch.js';
import { engines, errorOf, open } from '../test/table.js';

/** What may stand where a file is expected. */
const PLANTS: readonly (readonly [string, (at: string) => void])[] = [
  ['a pipe', (at) => execFileSync('mkfifo', [at])],
  ['a device without end', (at) => symlinkSync('/dev/zero', at)],
  ['a link to itself', (at) => symlinkSync(at, at)],
  ['a folder', (at) => mkdirSync(at)],
  ['four gigabytes of nothing', (at) => execFileSync('truncate', ['-s', '4G', at])],
  ['bytes of no kind', (at) => writeFileSync(at, Buffer.from([0xff, 0, 0x80, 10]))],
];

const PLACES = [
  'HEAD',
  'config',
  'packed-refs',
  'refs/heads/main',
  'refs/heads/planted',
  'refs/tags/planted',
  'objects/info/alternates',
  'commondir',
  'shallow',
  'worktrees/planted/gitdir',
  'objects/pack/pack-planted.idx',
  'objects/pack/pack-planted.pack',
  'logs/refs/heads/x',
];

/** Those by which a repository is opened and its branch is read. */
const FIRST_PLACES = PLACES.filter((place) =>
  ['config', 'packed-refs', 'refs/heads/main', 'objects/info/alternates'].includes(place),
);

/** Ends with what came of the work, or with words that it did not come to an end. */
async function settle(work: Promise<unknown>): Promise<unknown> {
  const late = pause(20_000, 'it hangs', { ref: false });
  return Promise.race([
    work.then(
      () => 'done',
      (error: unknown) => error,
    ),
    late,
  ]);
}

async function useAll(repository: Repository, commit: string): Promise<unknown[]> {
  const outcomes: unknown[] = [];
  for (const work of [
    () => repository.resolveCommit('main'),
    () => repository.resolveCommit('planted'),
    () => repository.resolveCommit(commit.slice(0, 7)),
    () => repository.listRefs('refs/'),
    () => repository.listReleases('*'),
    () => repository.defaultBranch(),
    () => repository.readSnapshot(commit),
    () => repository.hasObject('1'.repeat(40)),
    () => repository.log({ to: commit }),
    () => repository.mergeBase(commit, commit),
    async () => {
      const change = { path: 'b', mode: '100644' as const, content: Buffer.from('b') };
      const written = await repository.writeCommit({
        ...{ parent: commit, changes: [change], message: 'x', author: ada, committer: ada },
      });
      await repository.updateRefs([{ ref: 'refs/heads/x', old: null, new: written.commit }]);
    },
  ]) {
    outcomes.push(await settle(work()));
  }
  return outcomes;
}

describe.each(engines)('inputs that are no files, %s', (engine) => {
  test.each(PLANTS)('%s in each place of a repository', async (name, plant) => {
    const work = makeRepository();
    const commit = commitFiles(work, { a: 'a' });
    const template = cloneBare(work);
    const isFull = process.env['HOLDFAST_ATTACK'] === 'full';
    for (const place of isFull ? PLACES : FIRST_PLACES) {
      const bare = join(makeFolder(), 'bare.git');
      cpSync(template, bare, { recursive: true });
      const at = join(bare, place);
      mkdirSync(dirname(at), { recursive: true });
      rmSync(at, { recursive: true, force: true });
      plant(at);
      const opened = await open(bare, { engine, timeouts: { totalMs: 5_000 } }).catch(
        (error: unknown) => error,
      );
      expect(opened === undefined || !(opened instanceof Error) || opened instanceof GitError).toBe(
        true,
      );
      const outcomes =
        opened instanceof Error ? [opened] : await useAll(opened as Repository, commit);
      for (const outcome of outcomes) {
        const isExpected = outcome === 'done' || outcome instanceof GitError;
        expect(isExpected, `${name} at ${place}: ${String(outcome)}`).toBe(true);
      }
    }
  });

  test.each(PLANTS)('%s as a loose object', async (_name, plant) => {
    const work = makeRepository();
    commitFiles(work, { a: 'a' });
    const oid = git(work, 'rev-parse', 'main:a');
    const at = join(work, '.git/objects', oid.slice(0, 2), oid.slice(2));
    rmSync(at);
    plant(at);
    const repository = await open(work, { engine });
    const outcome = await settle(repository.readBlob(oid));
    expect(outcome).toBeInstanceOf(GitError);
    expect(['corrupt', 'missing-object']).toContain((outcome as GitError).code);
  });

  test('a location that is none', async () => {
    const folder = makeFolder();
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    for (const location of ['/dev/zero', '/dev/null', join(folder, 'pipe'), folder, '/proc/self']) {
      expect(await errorOf(open(location, { engine }))).toMatchObject({
        code: 'not-a-repository',
        hint: expect.any(String),
      });
    }
  });
});
