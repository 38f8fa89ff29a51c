import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { NewCommit, TreeChange } from '../src/index.js';
import {
  ada,
  cloneBare,
  commitFiles,
  git,
  gitWith,
  makeFolder,
  makeRepository,
} from './scratch.js';
import { engines, errorOf, open } from './table.js';

function put(path: string, content: string | Uint8Array = path): TreeChange {
  return { path, mode: '100644', content: Buffer.from(content) };
}

function commitOf(changes: TreeChange[], parent?: string): NewCommit {
  return {
    changes,
    message: 'change',
    author: ada,
    committer: ada,
    ...(parent === undefined ? {} : { parent }),
  };
}

function idBytes(content: string): Buffer {
  return createHash('sha1').update(`blob ${content.length}\0${content}`).digest();
}

function without(bytes: Buffer, part: Buffer): Buffer {
  const at = bytes.indexOf(part);
  expect(at).toBeGreaterThanOrEqual(0);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + part.length)]);
}

/** A bare repository of so many files, in folders of a hundred. */
function makeLarge(count: number): string {
  const folder = makeRepository({ bare: true });
  const files = Array.from({ length: count }, (_, index) => {
    const path = `d${Math.floor(index / 1000)}/s${Math.floor(index / 100) % 10}/f${index}.md`;
    return `M 100644 inline ${path}\ndata ${path.length}\n${path}\n`;
  });
  const commit = `commit refs/heads/main\ncommitter A <a@b> 1 +0000\ndata 0\n${files.join('')}`;
  gitWith({ input: commit }, folder, 'fast-import', '--quiet');
  return folder;
}

describe.each(engines)('%s', (engine) => {
  describe('writeCommit', () => {
    test('writes what git reads back, and moves no ref', async () => {
      const folder = makeRepository();
      const parent = commitFiles(folder, { 'a/b/old.md': 'old', 'a/keep.md': 'keep', top: 'top' });
      const repository = await open(folder, { engine });
      const bytes = Buffer.from([0, 255, 13, 10, 26]);
      const { commit, tree, written } = await repository.writeCommit(
        commitOf(
          [
            { path: 'a/b/old.md', remove: true },
            put('bin/data', bytes),
            { path: 'run', mode: '100755', content: Buffer.from('#!/bin/sh\n') },
            { path: 'link', mode: '120000', content: Buffer.from('a/keep.md') },
            { path: 'sub', mode: '160000', oid: '2'.repeat(40) },
            { path: 'copy', mode: '100644', oid: git(folder, 'rev-parse', 'HEAD:top') },
          ],
          parent,
        ),
      );
      expect(git(folder, 'rev-parse', 'HEAD')).toBe(parent);
      expect(
        git(folder, 'ls-tree', '-r', '--format=%(objectmode) %(path)', commit).split('\n'),
      ).toEqual([
        '100644 a/keep.md',
        '100644 bin/data',
        '100644 copy',
        '120000 link',
        '100755 run',
        '160000 sub',
        '100644 top',
      ]);
      expect(git(folder, 'rev-parse', `${commit}^{tree}`)).toBe(tree);
      expect(git(folder, 'cat-file', '-p', commit)).toBe(
        [
          `tree ${tree}`,
          `parent ${parent}`,
          'author Ada <ada@example.com> 1700000000 +0200',
          'committer Ada <ada@example.com> 1700000000 +0200',
          '',
          'change',
        ].join('\n'),
      );
      expect(written).toEqual({ blobs: 3, trees: 3 });
      expect(git(folder, 'fsck', '--strict', '--no-dangling')).toBe('');
      const { entries } = await repository.readSnapshot(commit);
      const data = await repository.readBlob(entries.get('bin/data')?.oid ?? '');
      expect(Buffer.from(data).equals(bytes)).toBe(true);
    });

    test('gives the same ids as git itself, and as the other engine', async () => {
      const folder = makeRepository();
      // git's order: a.b before a/ before a0
      commitFiles(folder, {
        'a.b': '1',
        'a/x': '2',
        a0: '3',
        'ü/ö': '4',
        '-x': '5',
        'A b\n"': '6',
      });
      const bare = makeRepository({ bare: true });
      const repository = await open(bare, { engine });
      const { tree } = await repository.writeCommit(
        commitOf([
          put('a0', '3'),
          put('ü/ö', '4'),
          put('a/x', '2'),
          put('A b\n"', '6'),
          put('a.b', '1'),
          put('-x', '5'),
        ]),
      );
      expect(tree).toBe(git(folder, 'rev-parse', 'HEAD^{tree}'));
    });

    test('writes ten blobs and the trees on their paths in a tree of 20,000 files', async () => {
      const folder = makeLarge(20_000);
      const repository = await open(folder, { engine });
      const countObjects = (): number =>
        git(folder, 'cat-file', '--batch-all-objects', '--batch-check', '--unordered').split('\n')
          .length;
      const before = countObjects();
      const changes = Array.from({ length: 10 }, (_, index) =>
        put(`d${index}/s0/f${index * 1000}.md`, `new ${index}`),
      );
      const { commit, written } = await repository.writeCommit(commitOf(changes, 'main'));
      expect(written).toEqual({ blobs: 10, trees: 21 });
      expect(countObjects() - before).toBe(10 + 21 + 1);
      const again = await repository.writeCommit(commitOf(changes, commit));
      expect(again.written).toEqual({ blobs: 0, trees: 0 });
      expect((await repository.diffTrees('main', commit)).length).toBe(10);
    });

    test('writes 5,000 files at once', async () => {
      const folder = makeRepository({ bare: true });
      const repository = await open(folder, { engine });
      const changes = Array.from({ length: 5000 }, (_, index) => put(`d${index % 7}/f${index}`));
      const { commit, written } = await repository.writeCommit(commitOf(changes));
      expect(written).toEqual({ blobs: 5000, trees: 8 });
      expect((await repository.readSnapshot(commit)).entries.size).toBe(5000);
      expect(git(folder, 'fsck', '--no-dangling', commit)).toBe('');
    });

    test('keeps every other entry byte for byte', async () => {
      const folder = makeRepository();
      const blob = gitWith({ input: 'x' }, folder, 'hash-object', '-w', '--stdin');
      const records = Buffer.concat([
        Buffer.from(`100644 blob ${blob}\tlatin-`),
        Buffer.from([0xfc, 0]),
        Buffer.from(`100664 blob ${blob}\tgroup\0`),
        Buffer.from(`160000 commit ${'3'.repeat(40)}\tsub\0`),
        Buffer.from(`100644 blob ${blob}\tgone\0`),
      ]);
      const tree = gitWith({ input: records }, folder, 'mktree', '-z', '--missing');
      const parent = git(folder, 'commit-tree', tree, '-m', 'odd');
      const repository = await open(folder, { engine });
      const { commit } = await repository.writeCommit(
        commitOf([put('new'), { path: 'gone', remove: true }], parent),
      );
      const readRaw = (id: string): Buffer =>
        execFileSync('git', ['cat-file', 'tree', `${id}^{tree}`], { cwd: folder });
      const added = Buffer.concat([Buffer.from('100644 new\0'), idBytes('new')]);
      const removed = Buffer.concat([Buffer.from('100644 gone\0'), Buffer.from(blob, 'hex')]);
      const before = readRaw(parent);
      const after = readRaw(commit);
      expect(before.includes('100664 group')).toBe(true);
      expect(without(after, added).equals(without(before, removed))).toBe(true);
    });

    test('lets folders vanish, and files and folders change places', async () => {
      const folder = makeRepository();
      commitFiles(folder, { 'deep/er/file': '1', 'dir/x': '2', file: '3' });
      const repository = await open(folder, { engine });
      const { commit } = await repository.writeCommit(
        commitOf(
          [
            { path: 'deep/er/file', remove: true },
            { path: 'dir/x', remove: true },
            put('dir', 'a file now'),
            { path: 'file', remove: true },
            put('file/in', 'a folder now'),
          ],
          'main',
        ),
      );
      expect(git(folder, 'ls-tree', '-r', '--name-only', commit)).toBe('dir\nfile/in');
      const { commit: empty, tree } = await repository.writeCommit(
        commitOf(
          [
            { path: 'dir', remove: true },
            { path: 'file/in', remove: true },
          ],
          commit,
        ),
      );
      expect(tree).toBe('4b825dc642cb6eb9a060e54bf8d69288fbee4904');
      expect(git(folder, 'fsck', '--strict', '--no-dangling', empty)).toBe('');
      expect((await repository.readSnapshot(empty)).entries.size).toBe(0);
    });

    test('writes merges and commits without a parent', async () => {
      const folder = makeRepository();
      const first = commitFiles(folder, { a: '1' });
      const second = commitFiles(folder, { a: '2' });
      const repository = await open(folder, { engine });
      const merge = await repository.writeCommit({
        ...commitOf([put('b')], first),
        parents: [first, second],
      });
      expect(git(folder, 'show', '-s', '--format=%P', merge.commit)).toBe(`${first} ${second}`);
      const root = await repository.writeCommit(commitOf([]));
      expect(git(folder, 'show', '-s', '--format=%P%T', root.commit)).toBe(root.tree);
    });

    test.each([
      ['a path twice', [put('a'), put('a')], 'duplicate'],
      ['an empty path', [put('')], 'path'],
      ['an absolute path', [put('/etc/passwd')], 'path'],
      ['a path upwards', [put('a/../../x')], 'path'],
      ['a dot', [put('./x')], 'path'],
      ['.git', [put('.git/config')], 'path'],
      ['.GIT further down', [put('sub/.GiT/hooks/x')], 'path'],
      ['.git as NTFS sees it', [put('git~1/config')], 'path'],
      ['.git with dots behind', [put('.git. . /config')], 'path'],
      ['.git as HFS+ sees it', [put('.g\u200cit/config')], 'path'],
      ['.git before a backslash', [put('.git\\config')], 'path'],
      ['.git as a stream', [put('.git::$INDEX_ALLOCATION')], 'path'],
      ['a NUL', [put('a\0b')], 'path'],
      ['half a surrogate', [put('a\ud800')], 'path'],
      ['a file in the place of a folder', [put('dir')], 'folder'],
      ['a file below a file', [put('file/x')], 'not-a-folder'],
      ['a file that is also a folder', [put('new'), put('new/x')], 'folder'],
      ['removing nothing', [{ path: 'nothing', remove: true }], 'missing'],
      ['removing below nothing', [{ path: 'no/thing', remove: true }], 'missing'],
      ['removing a folder', [{ path: 'dir', remove: true }], 'folder'],
      ['an odd mode', [{ path: 'x', mode: '100664', content: Buffer.from('') }], 'mode'],
      [
        'a submodule with content',
        [{ path: 'x', mode: '160000', content: Buffer.from('') }],
        'mode',
      ],
      ['an id that is none', [{ path: 'x', mode: '100644', oid: 'HEAD' }], 'oid'],
    ] as [string, TreeChange[], string][])('refuses %s', async (_name, changes, problem) => {
      const folder = makeRepository();
      commitFiles(folder, { 'dir/x': 'x', file: 'file' });
      const repository = await open(folder, { engine });
      const error = await errorOf(repository.writeCommit(commitOf(changes, 'main')));
      expect(error).toMatchObject({ code: 'invalid-change', blame: 'input', data: { problem } });
    });

    test('refuses ids of objects that are missing or no files', async () => {
      const folder = makeRepository();
      commitFiles(folder, { file: 'file' });
      const repository = await open(folder, { engine });
      const writeId = (oid: string): Promise<unknown> =>
        repository.writeCommit(commitOf([{ path: 'x', mode: '100644', oid }], 'main'));
      expect(await errorOf(writeId('1'.repeat(40)))).toMatchObject({ code: 'missing-object' });
      expect(await errorOf(writeId(git(folder, 'rev-parse', 'HEAD^{tree}')))).toMatchObject({
        code: 'invalid-change',
      });
    });

    test('refuses what a commit cannot say', async () => {
      const folder = makeRepository({ bare: true });
      const repository = await open(folder, { engine });
      for (const wrong of [
        { message: 'a\0b' },
        { author: { ...ada, name: 'A <b>' } },
        { author: { ...ada, name: '' } },
        { committer: { ...ada, email: 'a\nparent x' } },
        { committer: { ...ada, timestamp: 1.5 } },
        { committer: { ...ada, timezone: 'CET' } },
      ]) {
        const error = await errorOf(repository.writeCommit({ ...commitOf([]), ...wrong }));
        expect(error.code).toBe('invalid-argument');
      }
      expect(await errorOf(repository.writeCommit(commitOf([], 'nope')))).toMatchObject({
        code: 'empty-repository',
      });
    });

    test('replaces an object that was written half', async () => {
      const folder = makeRepository({ bare: true });
      const repository = await open(folder, { engine });
      const { commit } = await repository.writeCommit(commitOf([put('a', 'content')]));
      const oid = git(folder, 'rev-parse', `${commit}:a`);
      const file = join(folder, 'objects', oid.slice(0, 2), oid.slice(2));
      rmSync(file);
      if (engine === 'embedded') writeFileSync(file, '');
      await repository.writeCommit(commitOf([put('a', 'content')]));
      expect(git(folder, 'cat-file', 'blob', oid)).toBe('content');
    });
  });

  describe('updateRefs', () => {
    test('creates, moves and deletes, all or none, from the old value only', async () => {
      const work = makeRepository();
      const first = commitFiles(work, { a: '1' });
      const second = commitFiles(work, { a: '2' });
      const folder = cloneBare(work);
      const repository = await open(folder, { engine });
      const heads = (): Promise<Record<string, string>> =>
        repository
          .listRefs('refs/')
          .then((refs) => Object.fromEntries(refs.map(({ name, oid }) => [name, oid])));
      const x = 'refs/heads/x/y';
      const y = 'refs/holdfast/requests';

      expect(await repository.updateRefs([])).toEqual({ kind: 'updated' });
      expect(
        await repository.updateRefs([
          { ref: x, old: null, new: first },
          { ref: y, old: null, new: first },
        ]),
      ).toEqual({ kind: 'updated' });
      expect(
        await repository.updateRefs([
          { ref: x, old: first, new: second },
          { ref: y, old: second, new: null },
        ]),
      ).toEqual({ kind: 'moved', ref: y, expected: second, actual: first });
      expect(await heads()).toMatchObject({ [x]: first, [y]: first });
      expect(await repository.updateRefs([{ ref: x, old: null, new: second }])).toEqual({
        kind: 'moved',
        ref: x,
        expected: null,
        actual: first,
      });
      git(folder, 'pack-refs', '--all', '--prune');
      expect(
        await repository.updateRefs([
          { ref: x, old: first, new: second },
          { ref: y, old: first, new: null },
        ]),
      ).toEqual({ kind: 'updated' });
      expect(await heads()).toEqual({ 'refs/heads/main': second, [x]: second });
      expect(await repository.updateRefs([{ ref: x, old: first, new: second }])).toEqual({
        kind: 'updated',
      });
      expect(await repository.updateRefs([{ ref: y, old: first, new: null }])).toEqual({
        kind: 'updated',
      });
      expect(git(folder, 'fsck', '--no-dangling')).toBe('');
    });

    test.each([
      'main',
      'refs/heads/',
      'refs/heads/a..b',
      'refs/heads/x.lock',
      'refs/x',
      '../HEAD',
      'refs/heads/a b',
      'HEAD',
      '--stdin',
    ])('refuses the name %j', async (ref) => {
      const folder = makeRepository({ bare: true });
      const repository = await open(folder, { engine });
      expect(
        await errorOf(repository.updateRefs([{ ref, old: null, new: '1'.repeat(40) }])),
      ).toMatchObject({ code: 'invalid-argument' });
    });

    test('says which refs cannot be there together', async () => {
      const work = makeRepository();
      const commit = commitFiles(work, { a: '1' });
      const repository = await open(cloneBare(work), { engine });
      const error = await errorOf(
        repository.updateRefs([{ ref: 'refs/heads/main/sub', old: null, new: commit }]),
      );
      expect(error).toMatchObject({ code: 'ref-conflict' });
      expect(
        await repository.updateRefs([{ ref: 'refs/heads/a/b/c', old: null, new: commit }]),
      ).toEqual({ kind: 'updated' });
      await repository.updateRefs([{ ref: 'refs/heads/a/b/c', old: commit, new: null }]);
      expect(
        await repository.updateRefs([{ ref: 'refs/heads/a', old: null, new: commit }]),
      ).toEqual({
        kind: 'updated',
      });
    });

    test('says that a ref is locked', async () => {
      const work = makeRepository();
      const commit = commitFiles(work, { a: '1' });
      const folder = cloneBare(work);
      const lock = join(folder, 'refs/heads/x.lock');
      const held = openSync(lock, 'wx'); // by this process, which lives
      onTestFinished(() => closeSync(held));
      utimesSync(lock, new Date(), new Date(Date.now() - 60_000));
      const repository = await open(folder, { engine });
      const error = await errorOf(
        repository.updateRefs([{ ref: 'refs/heads/x', old: null, new: commit }]),
      );
      expect(error).toMatchObject({ code: 'locked', blame: 'repository' });
      expect(error.message).toContain('refs/heads/x.lock');
      expect(existsSync(join(folder, 'refs/heads/x.lock'))).toBe(true);
      expect(await repository.listRefs('refs/heads/x')).toEqual([]);
    });

    test('refuses to point a branch at what is missing', async () => {
      const work = makeRepository();
      const commit = commitFiles(work, { a: '1' });
      const repository = await open(cloneBare(work), { engine });
      const updates = [
        { ref: 'refs/heads/x', old: null, new: commit },
        { ref: 'refs/heads/y', old: null, new: '1'.repeat(40) },
      ];
      expect(await errorOf(repository.updateRefs(updates))).toMatchObject({
        code: 'missing-object',
      });
      expect(await repository.resolveCommit('x')).toBeUndefined();
    });

    test('lets one of two writers win each time', async () => {
      const work = makeRepository();
      commitFiles(work, { counter: '0' });
      const folder = cloneBare(work);
      const count = async (name: string): Promise<void> => {
        const repository = await open(folder, { engine });
        for (let done = 0; done < 8;) {
          const parent = (await repository.resolveCommit('main'))?.oid ?? '';
          const { commit } = await repository.writeCommit(
            commitOf([put(`${name}-${done}`)], parent),
          );
          const update = { ref: 'refs/heads/main', old: parent, new: commit };
          const { kind } = await repository.updateRefs([update]);
          if (kind === 'updated') done++;
        }
      };
      await Promise.all([count('a'), count('b'), count('c')]);
      expect(git(folder, 'ls-tree', '--name-only', 'main').split('\n').length).toBe(25);
      expect(git(folder, 'rev-list', '--count', 'main')).toBe('25');
    });

    test('moves branches that are not checked out, whatever the work tree holds', async () => {
      const folder = makeRepository();
      const commit = commitFiles(folder, { a: '1' });
      writeFileSync(join(folder, 'a'), 'dirty');
      const repository = await open(folder, { engine });
      expect(
        await repository.updateRefs([{ ref: 'refs/heads/x', old: null, new: commit }]),
      ).toEqual({
        kind: 'updated',
      });
      expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('dirty');
    });
  });
});

describe('work trees', () => {
  function prepare(): { folder: string; old: string; next: string } {
    const folder = makeRepository();
    const old = commitFiles(folder, { a: '1', 'd/b': 'b', gone: 'gone' });
    const next = commitFiles(folder, { a: '2', 'd/new': 'new', gone: null });
    git(folder, 'reset', '-q', '--hard', old);
    return { folder, old, next };
  }

  test('follow their branch when they are clean', async () => {
    const { folder, old, next } = prepare();
    writeFileSync(join(folder, 'untracked'), 'mine');
    const repository = await open(folder, { engine: 'program' });
    const update = { ref: 'refs/heads/main', old, new: next };
    expect(await repository.updateRefs([update])).toEqual({ kind: 'updated' });
    expect(git(folder, 'status', '--porcelain')).toBe('?? untracked');
    expect(git(folder, 'rev-parse', 'HEAD')).toBe(next);
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('2');
    expect(existsSync(join(folder, 'gone'))).toBe(false);
  });

  test.each([
    ['an edited file', (folder: string) => appendFileSync(join(folder, 'd/b'), 'edit')],
    [
      'a staged file',
      (folder: string) => {
        writeFileSync(join(folder, 'staged'), 'x');
        git(folder, 'add', 'staged');
      },
    ],
    [
      'an untracked file in the way',
      (folder: string) => writeFileSync(join(folder, 'd/new'), 'mine'),
    ],
  ])('do not follow with %s', async (_name, disturb) => {
    const { folder, old, next } = prepare();
    disturb(folder);
    const before = git(folder, 'status', '--porcelain');
    const repository = await open(folder, { engine: 'program' });
    expect(
      await repository.updateRefs([
        { ref: 'refs/heads/other', old: null, new: next },
        { ref: 'refs/heads/main', old, new: next },
      ]),
    ).toMatchObject({ kind: 'checked-out', ref: 'refs/heads/main', worktree: folder });
    expect(git(folder, 'rev-parse', 'HEAD')).toBe(old);
    expect(git(folder, 'status', '--porcelain')).toBe(before);
    expect(git(folder, 'branch', '--list', 'other')).toBe('');
  });

  test('keep their branch from being deleted', async () => {
    const { folder, old } = prepare();
    const repository = await open(folder, { engine: 'program' });
    expect(await repository.updateRefs([{ ref: 'refs/heads/main', old, new: null }])).toMatchObject(
      { kind: 'checked-out', worktree: folder },
    );
  });

  test('start from nothing when their branch does', async () => {
    const { folder, next } = prepare();
    const empty = makeRepository();
    git(empty, 'fetch', '-q', folder, next);
    const repository = await open(empty, { engine: 'program' });
    const update = { ref: 'refs/heads/main', old: null, new: next };
    expect(await repository.updateRefs([update])).toEqual({ kind: 'updated' });
    expect(git(empty, 'status', '--porcelain')).toBe('');
    expect(readFileSync(join(empty, 'd/new'), 'utf8')).toBe('new');
  });

  test('that are linked to a bare repository follow too', async () => {
    const { folder, old, next } = prepare();
    git(folder, 'branch', 'side', next);
    const bare = cloneBare(folder);
    const linked = join(makeFolder(), 'linked');
    git(bare, 'worktree', 'add', '-q', linked, 'main');
    const repository = await open(bare, { engine: 'program' });
    const update = { ref: 'refs/heads/main', old, new: next };
    expect(await repository.updateRefs([update])).toEqual({ kind: 'updated' });
    expect(git(linked, 'status', '--porcelain')).toBe('');
    expect(readFileSync(join(linked, 'a'), 'utf8')).toBe('2');
  });

  test('that a killed run has updated only wait for their branch', async () => {
    const { folder, old, next } = prepare();
    git(folder, 'read-tree', '-u', '-m', old, next); // as far as the run came
    const repository = await open(folder, { engine: 'program' });
    const update = { ref: 'refs/heads/main', old, new: next };
    expect(await repository.updateRefs([update])).toEqual({ kind: 'updated' });
    expect(git(folder, 'status', '--porcelain')).toBe('');
  });

  test('are beyond the embedded engine', async () => {
    const { folder, old, next } = prepare();
    const repository = await open(folder, { engine: 'embedded' });
    const error = await errorOf(
      repository.updateRefs([{ ref: 'refs/heads/main', old, new: next }]),
    );
    expect(error).toMatchObject({
      code: 'unsupported',
      hint: expect.stringContaining('git program'),
    });
    expect(git(folder, 'rev-parse', 'HEAD')).toBe(old);
    expect(existsSync(join(folder, '.git/refs/heads/main.lock'))).toBe(false);
  });
});

test('no hook, filter or setting of the machine runs', async () => {
  const folder = makeRepository();
  commitFiles(folder, { '.gitattributes': '* filter=evil text eol=crlf\n', a: 'a\n' });
  const hooks = join(makeFolder(), 'hooks');
  mkdirSync(hooks);
  const mark = join(hooks, 'ran');
  for (const hook of ['reference-transaction', 'post-index-change', 'post-checkout', 'pre-push']) {
    writeFileSync(join(hooks, hook), `#!/bin/sh\necho ${hook} >> ${mark}\n`, { mode: 0o755 });
  }
  git(folder, 'config', 'core.hooksPath', hooks);
  git(folder, 'config', 'filter.evil.clean', `sh -c 'echo clean >> ${mark}'`);
  git(folder, 'config', 'core.autocrlf', 'true');
  const config = join(makeFolder(), 'gitconfig');
  writeFileSync(config, `[core]\n\thooksPath = ${hooks}\n[alias]\n\tls-tree = !touch ${mark}\n`);
  const repository = await open(folder, {
    engine: 'program',
    environment: {
      ...process.env,
      GIT_CONFIG_GLOBAL: config,
      GIT_DIR: '/nowhere',
      GIT_TRACE: mark,
    },
  });
  const { commit } = await repository.writeCommit(commitOf([put('b', 'b\r\n')], 'main'));
  await repository.updateRefs([{ ref: 'refs/heads/x', old: null, new: commit }]);
  expect(git(folder, 'cat-file', 'blob', `${commit}:b`)).toBe('b\r');
  expect(existsSync(mark)).toBe(false);
});
