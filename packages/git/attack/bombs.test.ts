import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ada, commitFiles, git, gitWith, makeFolder, makeRepository } from '../test/scratch.js';
import { collect, engines, errorOf, open } from '../test/table.js';

const isFull = process.env['HOLDFAST_ATTACK'] === 'full';

/** Writes a loose object as git would, without git's checks; returns its id. */
function plant(repository: string, type: string, content: Buffer, size = content.length): string {
  const bytes = Buffer.concat([Buffer.from(`${type} ${size}\0`), content]);
  const oid = createHash('sha1').update(bytes).digest('hex');
  const file = join(repository, 'objects', oid.slice(0, 2), oid.slice(2));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, deflateSync(bytes, { level: 9 }));
  return oid;
}

function treeOf(...entries: (readonly [mode: string, name: string, oid: string])[]): Buffer {
  return Buffer.concat(
    entries.flatMap(([mode, name, oid]) => [
      Buffer.from(`${mode} ${name}\0`),
      Buffer.from(oid, 'hex'),
    ]),
  );
}

function commitTree(repository: string, tree: string): string {
  const who = 'Ada <ada@example.com> 1700000000 +0000';
  const text = `tree ${tree}\nauthor ${who}\ncommitter ${who}\n\nbomb\n`;
  const commit = plant(repository, 'commit', Buffer.from(text));
  git(repository, 'update-ref', 'refs/heads/main', commit);
  return commit;
}

/** Ten names in each of so many levels, all for the same object below. */
function treeBomb(repository: string, levels: number): string {
  let oid = plant(repository, 'blob', Buffer.from('x'));
  let mode = '100644';
  for (let level = 0; level < levels; level++) {
    const names = Array.from({ length: 10 }, (_, index) => [mode, `n${index}`, oid] as const);
    oid = plant(repository, 'tree', treeOf(...names));
    mode = '40000';
  }
  return commitTree(repository, oid);
}

function chain(repository: string, depth: number, files = 1): string {
  const blob = plant(repository, 'blob', Buffer.from('x'));
  const names = Array.from({ length: files }, (_, index) => {
    return ['100644', `f${String(index).padStart(6, '0')}`, blob] as const;
  });
  let oid = plant(repository, 'tree', treeOf(...names));
  for (let level = 0; level < depth; level++) {
    oid = plant(repository, 'tree', treeOf(['40000', 'd', oid]));
  }
  return commitTree(repository, oid);
}

describe.each(engines)('bombs in a repository, %s', (engine) => {
  test.each([6, 7, 8, 9, 30])('a tree of 10^%i paths', async (levels) => {
    const bare = makeRepository({ bare: true });
    treeBomb(bare, levels);
    const limits = levels === 6 ? { entries: 999_999 } : {};
    const repository = await open(bare, { engine, limits });
    const error = await errorOf(repository.readSnapshot('main'));
    expect(error).toMatchObject({ code: 'too-large', data: { limit: 'entries' } });
    expect(error.hint).toContain('limits.entries');
  });

  test('a comparison of two such trees', async () => {
    const bare = makeRepository({ bare: true });
    const one = treeBomb(bare, 8);
    const other = treeBomb(bare, 9);
    const repository = await open(bare, { engine, limits: { entries: 10_000 } });
    for (const from of [null, one]) {
      expect(await errorOf(repository.diffTrees(from, other))).toMatchObject({
        code: 'too-large',
        data: { limit: 'entries' },
      });
    }
  });

  test('folders within folders without end', async () => {
    const bare = makeRepository({ bare: true });
    const commit = chain(bare, isFull ? 5_000 : 300);
    const repository = await open(bare, { engine, limits: isFull ? {} : { depth: 200 } });
    for (const work of [repository.readSnapshot('main'), repository.diffTrees(null, commit)]) {
      expect(await errorOf(work)).toMatchObject({ code: 'too-large', data: { limit: 'depth' } });
    }
  });

  test('long paths, many times', async () => {
    const bare = makeRepository({ bare: true });
    chain(bare, 200, 1_000);
    const repository = await open(bare, { engine, limits: { entries: 1_300, depth: 300 } });
    expect(await errorOf(repository.readSnapshot('main'))).toMatchObject({ code: 'too-large' });
  });

  test('ten thousand files in two thousand folders, which is much and no bomb', async () => {
    const bare = makeRepository({ bare: true });
    const depth = isFull ? 2_000 : 200;
    const files = isFull ? 10_000 : 1_000;
    const commit = chain(bare, depth, files);
    const repository = await open(bare, { engine });
    const { entries } = await repository.readSnapshot('main');
    expect(entries.size).toBe(files);
    expect(await repository.diffTrees(null, commit)).toHaveLength(files);
    const changes = Array.from(entries.keys(), (path) => ({
      ...{ path, mode: '100644' as const, content: Buffer.from('y') },
    })).filter(({ path }) => path.length <= 4_096);
    const written = await repository.writeCommit({
      ...{ parent: 'main', changes, message: 'x', author: ada, committer: ada },
    });
    expect(written.written).toEqual({ blobs: 1, trees: depth + 1 });
  });

  test.each([
    ['loose', (bare: string, blob: string) => void [bare, blob]],
    ['packed', (bare: string) => git(bare, 'repack', '-adq')],
  ])('a file that inflates, %s', async (_name, pack) => {
    const bare = makeRepository({ bare: true });
    const size = isFull ? 1_500_000_000 : 8_000_000;
    const folder = makeFolder();
    execFileSync('truncate', ['-s', `${size}`, join(folder, 'zeros')]);
    const blob = git(bare, 'hash-object', '-w', '--no-filters', join(folder, 'zeros'));
    commitTree(bare, plant(bare, 'tree', treeOf(['100644', 'manifest.json', blob])));
    pack(bare, blob);
    const before = process.memoryUsage().rss;
    const limits = isFull ? {} : { blobBytes: 1_000_000 };
    const repository = await open(bare, { engine, limits });
    const snapshot = await repository.readSnapshot('main');
    expect(snapshot.entries.size).toBe(1);
    const errors = [
      await errorOf(repository.readBlob(blob)),
      await errorOf(collect(repository.readBlobs([blob]))),
      await errorOf(collect(repository.readBlobs(Array<string>(300).fill(blob)))),
    ];
    for (const error of errors) {
      expect(error).toMatchObject({
        code: 'too-large',
        data: { limit: 'blobBytes', size, path: 'manifest.json' },
      });
      expect(error.message).toContain('manifest.json');
      expect(error.hint).toContain('limits.blobBytes');
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(120_000_000);
  });

  test('an object that is larger than it says, and one that is smaller', async () => {
    const bare = makeRepository({ bare: true });
    const repository = await open(bare, { engine });
    for (const size of [10, 1_000_000]) {
      const oid = plant(bare, 'blob', Buffer.alloc(500_000), size);
      expect(await errorOf(repository.readBlob(oid))).toMatchObject({ code: 'corrupt' });
    }
  });

  test('an object under the id of another', async () => {
    const bare = makeRepository({ bare: true });
    const good = plant(bare, 'blob', Buffer.from('good'));
    const evil = plant(bare, 'blob', Buffer.from('evil'));
    const place = (oid: string): string => join(bare, 'objects', oid.slice(0, 2), oid.slice(2));
    execFileSync('cp', [place(evil), place(good)]);
    const repository = await open(bare, { engine });
    expect(await errorOf(repository.readBlob(good))).toMatchObject({ code: 'corrupt' });
  });

  test('a tree, a commit and a tag beyond what they need', async () => {
    const bare = makeRepository({ bare: true });
    const tree = plant(bare, 'tree', Buffer.alloc(2_000_000));
    const commit = commitTree(bare, tree);
    const repository = await open(bare, { engine, limits: { objectBytes: 1_000_000 } });
    const error = await errorOf(repository.readSnapshot(commit));
    expect(error).toMatchObject({ code: 'too-large', data: { limit: 'objectBytes' } });
  });

  test('two thousand loose tags, and more refs than allowed', async () => {
    const work = makeRepository();
    const commit = commitFiles(work, { a: 'a' });
    mkdirSync(join(work, '.git/refs/tags/v'), { recursive: true });
    const tags = isFull ? 2_000 : 300;
    for (let index = 0; index < tags; index++) {
      writeFileSync(join(work, `.git/refs/tags/v/${index}`), `${commit}\n`);
    }
    const repository = await open(work, { engine });
    expect(await repository.listReleases('v/*')).toHaveLength(tags);
    const narrow = await open(work, { engine, limits: { refs: 200 } });
    expect(await errorOf(narrow.listReleases('v/*'))).toMatchObject({
      code: 'too-large',
      data: { limit: 'refs' },
    });
    git(work, 'pack-refs', '--all');
    expect(await errorOf(narrow.listRefs('refs/'))).toMatchObject({ code: 'too-large' });
  });

  test('tags of tags without end', async () => {
    const work = makeRepository();
    let target = commitFiles(work, { a: 'a' });
    let type = 'commit';
    for (let depth = 0; depth < 40; depth++) {
      const text = `object ${target}\ntype ${type}\ntag x\ntagger A <a@b> 1700000000 +0000\n\nx\n`;
      target = gitWith({ input: text }, work, 'hash-object', '-w', '-t', 'tag', '--stdin');
      type = 'tag';
    }
    git(work, 'update-ref', 'refs/tags/deep', target);
    const repository = await open(work, { engine });
    expect(await errorOf(repository.listReleases('deep'))).toMatchObject({ code: 'corrupt' });
  });

  test('many files, of which a few are held at once', async () => {
    const count = isFull ? 100_000 : 500;
    const bare = makeRepository({ bare: true });
    const blob = (index: number): string =>
      `blob\nmark :${index + 1}\ndata 31000\n${`${index} `.padEnd(31_000, 'x')}\n`;
    const files = Array.from({ length: count }, (_, index) => blob(index));
    const names = Array.from({ length: count }, (_, index) => `M 100644 :${index + 1} f${index}\n`);
    const commit = `commit refs/heads/main\ncommitter A <a@b> 1700000000 +0000\ndata 1\nx\n`;
    const import_ = makeFolder();
    const stream = join(import_, 'stream');
    writeFileSync(stream, '');
    for (let at = 0; at < count; at += 1_000) {
      writeFileSync(stream, files.slice(at, at + 1_000).join(''), { flag: 'a' });
    }
    writeFileSync(stream, commit + names.join(''), { flag: 'a' });
    execFileSync('sh', ['-c', `git -C '${bare}' fast-import --quiet < '${stream}'`]);
    files.length = 0;
    const repository = await open(bare, { engine });
    const { entries } = await repository.readSnapshot('main');
    const oids = Array.from(entries.values(), ({ oid }) => oid);
    const before = process.memoryUsage().rss;
    let bytes = 0;
    for await (const { content } of repository.readBlobs(oids)) bytes += content.length;
    expect(bytes).toBe(count * 31_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(250_000_000);
  });
});
