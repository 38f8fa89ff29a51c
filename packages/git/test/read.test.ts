import { chmodSync, symlinkSync, writeFileSync, rmSync, truncateSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isLfsPointer } from '../src/index.js';
import { cloneBare, commitFiles, git, gitWith, makeFolder, makeRepository } from './scratch.js';
import { collect, engines, errorOf, open } from './table.js';

const SUBMODULE = '1'.repeat(40);

/** Builds a tree from `MODE TYPE OID\tNAME` records in any encoding. */
function makeTree(repository: string, ...records: (string | Buffer)[]): string {
  const input = Buffer.concat(
    records.flatMap((record) => [
      typeof record === 'string' ? Buffer.from(record) : record,
      Buffer.from([0]),
    ]),
  );
  return gitWith({ input }, repository, 'mktree', '-z', '--missing');
}

function commitTree(repository: string, tree: string, ...parents: string[]): string {
  const flags = parents.flatMap((parent) => ['-p', parent]);
  return git(repository, 'commit-tree', tree, ...flags, '-m', 'made');
}

describe.each(engines)('%s', (engine) => {
  describe('resolveCommit', () => {
    test('finds commits by branch, tag, id, abbreviation and steps', async () => {
      const folder = makeRepository();
      const first = commitFiles(folder, { 'a.md': 'one\n' }, 'first\n\nwith a body');
      git(folder, 'tag', '-a', 'v1.0.0', '-m', 'release');
      git(folder, 'tag', '-a', 'nested', '-m', 'tag of a tag', 'v1.0.0');
      const second = commitFiles(folder, { 'a.md': 'two\n' });
      git(folder, 'branch', 'feature/x', first);
      git(folder, 'branch', `feature/y-g${second.slice(0, 7)}`, first);
      const repository = await open(folder, { engine });

      const names: [string, string | undefined][] = [
        ['HEAD', second],
        ['main', second],
        ['refs/heads/main', second],
        ['heads/main', second],
        ['feature/x', first],
        ['v1.0.0', first],
        ['nested', first],
        [first, first],
        [first.toUpperCase(), first],
        [first.slice(0, 12), first],
        ['main~1', first],
        ['main^', first],
        ['main^0', second],
        ['main~2', undefined],
        ['v1.0.0^{}', first],
        ['nested^{commit}~0', first],
        ['main^{tree}', undefined],
        ['refs/heads/main~1', first],
        [`x-g${first.slice(0, 7)}`, undefined],
        [`refs/tags/x-1-g${first.slice(0, 7)}`, undefined],
        [`v9-3-g${first.slice(0, 7)}`, engine === 'program' ? first : undefined],
        ['main@{0}', engine === 'program' ? second : undefined],
        [':/first', engine === 'program' ? first : undefined],
        ['--all@{0}', undefined],
        ['nowhere', undefined],
        [`feature/y-g${second.slice(0, 7)}`, first],
        ['--all', undefined],
        ['main:a.md', undefined],
        ['a b\nc', undefined],
        ['', undefined],
        ['0'.repeat(40), undefined],
      ];
      const found = await Promise.all(names.map(([name]) => repository.resolveCommit(name)));
      expect(found.map((commit) => commit?.oid)).toEqual(names.map(([, oid]) => oid));
      expect(await repository.resolveCommit('v1.0.0')).toEqual({
        oid: first,
        tree: git(folder, 'rev-parse', `${first}^{tree}`),
        parents: [],
        author: {
          name: 'Ada',
          email: 'ada@example.com',
          timestamp: expect.any(Number),
          timezone: '+0200',
        },
        committer: {
          name: 'Ada',
          email: 'ada@example.com',
          timestamp: expect.any(Number),
          timezone: '+0200',
        },
        message: 'first\n\nwith a body\n',
      });
    });

    test('reads packed refs and packed objects', async () => {
      const folder = makeRepository();
      const first = commitFiles(folder, { 'a.md': 'one\n' });
      git(folder, 'tag', '-a', 'v1', '-m', 'v1');
      git(folder, 'gc', '-q');
      git(folder, 'pack-refs', '--all', '--prune');
      const repository = await open(folder, { engine });
      expect((await repository.resolveCommit('v1'))?.oid).toBe(first);
      const refs = await repository.listRefs('refs/');
      expect(refs).toEqual([
        { name: 'refs/heads/main', oid: first },
        { name: 'refs/tags/v1', oid: git(folder, 'rev-parse', 'v1'), peeled: first },
      ]);
      expect(await repository.listRefs('refs/tags/w')).toEqual([]);
    });

    test.each(['', '\0'.repeat(41), 'nonsense\n'])(
      'tells of a damaged ref: %j',
      async (content) => {
        const folder = makeRepository();
        commitFiles(folder, {});
        git(folder, 'symbolic-ref', 'refs/heads/later', 'refs/heads/none');
        writeFileSync(join(folder, '.git/refs/heads/bad'), content);
        const repository = await open(folder, { engine });
        expect(await repository.listRefs('refs/heads/l')).toEqual([]);
        expect(await errorOf(repository.listRefs('refs/heads/'))).toMatchObject({
          code: 'corrupt',
          data: { ref: 'refs/heads/bad' },
        });
      },
    );

    test('decodes a commit in another encoding', async () => {
      const folder = makeRepository();
      commitFiles(folder, {});
      const input = Buffer.from('grün', 'latin1');
      const tree = git(folder, 'rev-parse', 'HEAD^{tree}');
      const commit = gitWith(
        { input },
        folder,
        ...['-c', 'i18n.commitEncoding=ISO-8859-1', 'commit-tree', tree],
      );
      const repository = await open(folder, { engine });
      expect((await repository.resolveCommit(commit))?.message.trim()).toBe('grün');
    });

    test('says that an abbreviation is ambiguous', async () => {
      const folder = makeRepository({ bare: true });
      const seen = new Map<string, string>();
      const lines: string[] = [];
      for (let index = 0; index < 3000; index++)
        lines.push(`blob\ndata ${`${index}`.length}\n${index}\n`);
      gitWith({ input: lines.join('') }, folder, 'fast-import', '--quiet');
      const ids = git(folder, 'cat-file', '--batch-all-objects', '--batch-check=%(objectname)');
      const pair = ids.split('\n').find((id) => {
        const known = seen.has(id.slice(0, 4));
        seen.set(id.slice(0, 4), id);
        return known;
      });
      const repository = await open(folder, { engine });
      const error = await errorOf(repository.resolveCommit((pair ?? '').slice(0, 4)));
      expect(error).toMatchObject({ code: 'unknown-revision', hint: 'give more digits' });
    });
  });

  describe('listReleases', () => {
    test('lists tags of commits, newest version first', async () => {
      const folder = makeRepository();
      const commit = commitFiles(folder, { 'a.md': 'a' });
      for (const tag of ['v1.10.0', 'v1.9.0', 'v1.10.0-rc.2', 'v1.10.0-rc.10', 'vnext', 'other']) {
        git(folder, 'tag', tag);
      }
      git(folder, 'tag', '-a', 'v2.0.0', '-m', 'annotated');
      git(folder, 'tag', 'v3.0.0', 'HEAD^{tree}');
      git(folder, 'tag', '-a', 'v4.0.0', '-m', 'of a blob', 'HEAD:a.md');
      const repository = await open(folder, { engine });
      const releases = await repository.listReleases('v*');
      expect(releases.map(({ tag }) => tag)).toEqual([
        'v2.0.0',
        'v1.10.0',
        'v1.10.0-rc.10',
        'v1.10.0-rc.2',
        'v1.9.0',
        'vnext',
      ]);
      expect(releases[0]).toEqual({
        tag: 'v2.0.0',
        commit,
        oid: git(folder, 'rev-parse', 'refs/tags/v2.0.0'),
      });
      expect(await repository.resolveCommit('v3.0.0')).toBeUndefined();
    });
  });

  describe('readSnapshot', () => {
    test('tells files, executables, links and submodules apart', async () => {
      const folder = makeRepository();
      symlinkSync('../outside', join(folder, 'link'));
      writeFileSync(join(folder, 'run.sh'), '#!/bin/sh\n');
      chmodSync(join(folder, 'run.sh'), 0o755);
      commitFiles(folder, { 'docs/guide.md': 'guide\n', empty: '' });
      git(folder, 'update-index', '--add', '--cacheinfo', `160000,${SUBMODULE},vendor/sub`);
      git(folder, 'commit', '-q', '-m', 'submodule');
      const repository = await open(folder, { engine });
      const snapshot = await repository.readSnapshot('main');
      expect(snapshot.tree).toBe(git(folder, 'rev-parse', 'HEAD^{tree}'));
      expect([...snapshot.entries.values()].map(({ mode, path }) => [mode, path])).toEqual([
        ['100644', 'docs/guide.md'],
        ['100644', 'empty'],
        ['120000', 'link'],
        ['100755', 'run.sh'],
        ['160000', 'vendor/sub'],
      ]);
      const link = snapshot.entries.get('link')?.oid ?? '';
      expect(Buffer.from(await repository.readBlob(link)).toString()).toBe('../outside');
      expect((await repository.readBlob(snapshot.entries.get('empty')?.oid ?? '')).length).toBe(0);
    });

    test('reads hard names as they are', async () => {
      const names = [
        '-rf',
        'a "quoted" name.md',
        'back\\slash.md',
        'line\nbreak.md',
        'tab\there',
        'ü\u0308mlaut/größe.md',
        `${'long/'.repeat(20)}${'x'.repeat(200)}`,
        'x$(touch PWNED).md',
      ];
      const folder = makeRepository();
      commitFiles(folder, Object.fromEntries(names.map((name) => [name, name])));
      const repository = await open(folder, { engine });
      const { entries, unreadable } = await repository.readSnapshot('HEAD');
      expect([...entries.keys()].sort()).toEqual([...names].sort());
      expect(unreadable).toEqual([]);
    });

    test('sets names that are not UTF-8 aside, and normalises odd modes', async () => {
      const folder = makeRepository();
      const blob = gitWith({ input: 'x' }, folder, 'hash-object', '-w', '--stdin');
      const tree = makeTree(
        folder,
        Buffer.from(`100644 blob ${blob}\tlatin-\xfc.md`, 'latin1'),
        `100664 blob ${blob}\tgroup.md`,
        `100644 blob ${blob}\tplain-ü.md`,
      );
      const repository = await open(folder, { engine });
      const { entries, unreadable } = await repository.readSnapshot(commitTree(folder, tree));
      expect([...entries.values()]).toEqual([
        { path: 'group.md', oid: blob, mode: '100644' },
        { path: 'plain-ü.md', oid: blob, mode: '100644' },
      ]);
      expect(unreadable).toEqual(['latin-\ufffd.md']);
    });

    test('knows the empty tree, the unknown revision and the empty repository', async () => {
      const folder = makeRepository();
      const repository = await open(folder, { engine });
      expect(await repository.resolveCommit('HEAD')).toBeUndefined();
      expect(await repository.defaultBranch()).toBe('main');
      expect(await repository.listRefs('refs/')).toEqual([]);
      expect(await errorOf(repository.readSnapshot('main'))).toMatchObject({
        code: 'empty-repository',
        blame: 'repository',
      });
      commitFiles(folder, {});
      expect((await repository.readSnapshot('main')).entries.size).toBe(0);
      const error = await errorOf(repository.readSnapshot('v9'));
      expect(error).toMatchObject({ code: 'unknown-revision', blame: 'input' });
      expect(error.message).toMatchInlineSnapshot(`"no commit is named "v9""`);
    });
  });

  describe('readBlob', () => {
    test('returns bytes untouched by the settings of the machine', async () => {
      const folder = makeRepository();
      writeFileSync(join(folder, '.gitattributes'), '* text eol=crlf ident filter=shout\n');
      git(folder, 'config', 'filter.shout.smudge', 'tr a-z A-Z');
      git(folder, 'config', 'core.autocrlf', 'true');
      const content = Buffer.from([0xef, 0xbb, 0xbf, 0, 0xff, 0x0d, 0x0a, 0x24, 0x49, 0x64, 0x24]);
      const oid = gitWith(
        { input: content },
        folder,
        'hash-object',
        '-w',
        '--stdin',
        '--no-filters',
      );
      const repository = await open(folder, { engine });
      expect(Buffer.from(await repository.readBlob(oid)).equals(content)).toBe(true);
    });

    test('reads many in order, and the same one twice', async () => {
      const folder = makeRepository();
      const files = Array.from({ length: 300 }, (_, index) => [`f${index}`, `content ${index}`]);
      commitFiles(folder, Object.fromEntries(files) as Record<string, string>);
      const repository = await open(folder, { engine });
      const { entries } = await repository.readSnapshot('HEAD');
      const oids = [...entries.values()].map(({ oid }) => oid);
      const blobs = await collect(repository.readBlobs([...oids, ...oids.slice(0, 1)]));
      expect(blobs.map(({ oid }) => oid)).toEqual([...oids, oids[0]]);
      expect(Buffer.from(blobs.at(-1)?.content ?? []).toString()).toBe('content 0');
      const [first] = oids;
      for await (const { oid } of repository.readBlobs(oids)) {
        expect(oid).toBe(first);
        break;
      }
    });

    test('refuses what is missing, too large, not a blob, not an id', async () => {
      const folder = makeRepository();
      commitFiles(folder, { small: '1234', large: 'x'.repeat(1000) });
      const repository = await open(folder, { engine, limits: { blobBytes: 999 } });
      const { tree, entries } = await repository.readSnapshot('HEAD');
      expect((await repository.readBlob(entries.get('small')?.oid ?? '')).length).toBe(4);
      const large = entries.get('large')?.oid ?? '';
      expect(await errorOf(repository.readBlob(large))).toMatchObject({
        code: 'too-large',
        data: { oid: large, size: 1000, limit: 'blobBytes', allowed: 999, path: 'large' },
      });
      expect((await repository.readBlob(entries.get('small')?.oid ?? '')).length).toBe(4);
      const missing = '0123456789'.repeat(4);
      expect(await errorOf(repository.readBlob(missing))).toMatchObject({
        code: 'missing-object',
        data: { oid: missing },
      });
      expect(await errorOf(repository.readBlob(tree))).toMatchObject({ code: 'missing-object' });
      expect(await errorOf(repository.readBlob('HEAD'))).toMatchObject({
        code: 'invalid-argument',
      });
      expect(await repository.hasObject(tree)).toBe(true);
      expect(await repository.hasObject(missing)).toBe(false);
      expect(await errorOf(collect(repository.readBlobs([missing])))).toMatchObject({
        code: 'missing-object',
      });
    });

    test('reports a damaged object and goes on with the sound ones', async () => {
      const folder = makeRepository();
      commitFiles(folder, { bad: 'bad '.repeat(500), good: 'good' });
      const repository = await open(folder, { engine });
      const { entries } = await repository.readSnapshot('HEAD');
      const bad = entries.get('bad')?.oid ?? '';
      const file = join(folder, '.git/objects', bad.slice(0, 2), bad.slice(2));
      chmodSync(file, 0o644);
      truncateSync(file, 20);
      const good = entries.get('good')?.oid ?? '';
      const [failed, read] = await Promise.all([
        errorOf(repository.readBlob(bad)),
        repository.readBlob(good),
      ]);
      expect(failed.code).toBe('corrupt');
      expect(Buffer.from(read).toString()).toBe('good');
    });

    test('recognises an LFS pointer', async () => {
      const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`;
      const folder = makeRepository();
      commitFiles(folder, { pointer });
      const repository = await open(folder, { engine });
      const { entries } = await repository.readSnapshot('HEAD');
      const content = await repository.readBlob(entries.get('pointer')?.oid ?? '');
      expect(isLfsPointer(content)).toBe(true);
    });
  });

  describe('history', () => {
    test('logs what touched paths, merges simplified as git does', async () => {
      const folder = makeRepository();
      const first = commitFiles(folder, { 'a.md': 'a', 'docs/x.md': 'x' }, 'first');
      const onMain = commitFiles(folder, { 'b.md': 'b' }, 'b on main');
      git(folder, 'checkout', '-q', '-b', 'side', first);
      const onSide = commitFiles(folder, { 'docs/x.md': 'y' }, 'docs on side');
      git(folder, 'checkout', '-q', 'main');
      git(folder, 'merge', '-q', '--no-ff', '-m', 'merge', 'side');
      const merge = git(folder, 'rev-parse', 'HEAD');
      const last = commitFiles(folder, { 'a.md': 'a2', 'docs/x.md': null }, 'last');
      const repository = await open(folder, { engine });
      const oids = async (range: Parameters<typeof repository.log>[0]): Promise<string[]> =>
        (await repository.log(range)).map(({ oid }) => oid);

      expect(new Set(await oids({ to: 'main' }))).toEqual(
        new Set([last, merge, onSide, onMain, first]),
      );
      expect(await oids({ to: 'main', paths: ['docs'] })).toEqual([last, onSide, first]);
      expect(await oids({ to: 'main', paths: ['docs/x.md', 'b.md'], limit: 2 })).toEqual([
        last,
        merge,
      ]);
      expect(await oids({ from: first, to: 'main', paths: ['a.md'] })).toEqual([last]);
      expect(await oids({ from: onMain, to: merge })).toEqual([merge, onSide]);
      expect(await oids({ from: 'main', to: first })).toEqual([]);
      expect(await oids({ to: 'main', paths: [] })).toEqual([]);
      expect(await oids({ to: 'main', paths: ['*.md'] })).toEqual([]);
      expect((await repository.log({ to: 'main', limit: 1 }))[0]?.message).toBe('last\n');
      expect(await errorOf(repository.log({ to: 'nope' }))).toMatchObject({
        code: 'unknown-revision',
      });
    });

    test('finds merge bases and ancestors', async () => {
      const folder = makeRepository();
      const base = commitFiles(folder, { a: '1' });
      const ours = commitFiles(folder, { a: '2' });
      git(folder, 'checkout', '-q', '-b', 'side', base);
      const theirs = commitFiles(folder, { b: '1' });
      git(folder, 'checkout', '-q', '--orphan', 'other');
      const other = commitFiles(folder, { c: '1' });
      const repository = await open(folder, { engine });
      expect(await repository.mergeBase(ours, theirs)).toBe(base);
      expect(await repository.mergeBase(ours, base)).toBe(base);
      expect(await repository.mergeBase(ours, other)).toBeUndefined();
      expect(await repository.isAncestor(base, theirs)).toBe(true);
      expect(await repository.isAncestor(theirs, theirs)).toBe(true);
      expect(await repository.isAncestor(theirs, ours)).toBe(false);
    });

    test('stops at the edge of a shallow repository', async () => {
      const folder = makeRepository();
      commitFiles(folder, { a: '1' });
      const middle = commitFiles(folder, { a: '2' });
      const last = commitFiles(folder, { a: '3' });
      const shallow = cloneBare(`file://${folder}`, '--depth', '2');
      const repository = await open(shallow, { engine });
      expect((await repository.log({ to: 'main' })).map(({ oid }) => oid)).toEqual([last, middle]);
      expect(await repository.resolveCommit('main~2')).toBeUndefined();
      expect(await repository.mergeBase(last, middle)).toBe(middle);
    });

    test('diffs trees by ids', async () => {
      const folder = makeRepository();
      const first = commitFiles(folder, {
        'a.md': 'a',
        'b/c.md': 'c',
        'b/d.md': 'd',
        swap: 'file',
      });
      rmSync(join(folder, 'swap'));
      const second = commitFiles(folder, {
        'a.md': 'A',
        'b/c.md': null,
        'swap/in.md': 'folder',
        new: '',
      });
      const repository = await open(folder, { engine });
      const differences = await repository.diffTrees(first, second);
      expect(differences.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
        'modified a.md',
        'removed b/c.md',
        'added new',
        'removed swap',
        'added swap/in.md',
      ]);
      expect(differences[0]).toEqual({
        path: 'a.md',
        kind: 'modified',
        old: { oid: git(folder, 'rev-parse', `${first}:a.md`), mode: '100644' },
        new: { oid: git(folder, 'rev-parse', `${second}:a.md`), mode: '100644' },
      });
      expect(await repository.diffTrees(second, second)).toEqual([]);
      expect(
        (await repository.diffTrees(null, git(folder, 'rev-parse', `${first}^{tree}`))).length,
      ).toBe(4);
    });
  });

  describe('openRepository', () => {
    test('opens work trees, linked work trees, git directories and bare repositories', async () => {
      const folder = makeRepository();
      const commit = commitFiles(folder, { a: 'a' });
      const linked = join(makeFolder(), 'linked');
      git(folder, 'worktree', 'add', '-q', '-b', 'linked', linked);
      const bare = cloneBare(folder);
      for (const [location, facts] of [
        [folder, { bare: false, worktree: folder, branch: 'main' }],
        [join(folder, '.git'), { bare: false, worktree: undefined, branch: 'main' }],
        [linked, { bare: false, worktree: linked, branch: 'linked' }],
        [bare, { bare: true, worktree: undefined, branch: 'main' }],
      ] as const) {
        const repository = await open(location, { engine });
        expect({ location, engine: repository.engine, remote: repository.remote }).toEqual({
          location,
          engine,
          remote: false,
        });
        expect(repository.bare).toBe(facts.bare);
        expect(repository.worktree).toBe(facts.worktree);
        expect(await repository.defaultBranch()).toBe(facts.branch);
        expect((await repository.resolveCommit('HEAD'))?.oid).toBe(commit);
        expect((await repository.readSnapshot(facts.branch)).entries.has('a')).toBe(true);
      }
    });

    test('never takes the repository around a folder', async () => {
      const folder = makeRepository();
      commitFiles(folder, { 'docs/a.md': 'a' });
      for (const path of [
        join(folder, 'docs'),
        join(folder, 'nowhere'),
        join(folder, 'docs/a.md'),
      ]) {
        const error = await errorOf(open(path, { engine }));
        expect(error).toMatchObject({ code: 'not-a-repository', data: { path } });
      }
    });

    test('refuses a SHA-256 repository', async () => {
      const folder = makeFolder();
      git(folder, 'init', '-q', '--object-format=sha256');
      const error = await errorOf(open(folder, { engine }));
      expect(error.code).toBe('sha256-repository');
      expect(error.message.replace(folder, 'REPO')).toMatchInlineSnapshot(
        `"REPO uses SHA-256 object ids; SHA-1 is supported"`,
      );
    });

    test('reads through alternates', async () => {
      const folder = makeRepository();
      const commit = commitFiles(folder, { a: 'a' });
      const clone = cloneBare(cloneBare(folder, '--shared'), '--shared');
      const repository = await open(clone, { engine });
      expect((await repository.resolveCommit('main'))?.oid).toBe(commit);
    });

    test('reads what a partial clone has, and fetches nothing', async () => {
      const folder = makeRepository();
      commitFiles(folder, { a: 'a' });
      git(folder, 'config', 'uploadpack.allowFilter', 'true');
      const clone = cloneBare(`file://${folder}`, '--filter=blob:none');
      const repository = await open(clone, { engine });
      const { entries } = await repository.readSnapshot('main');
      expect(await errorOf(repository.readBlob(entries.get('a')?.oid ?? ''))).toMatchObject({
        code: 'missing-object',
        data: { path: 'a' },
        hint: expect.stringContaining('partial clone'),
      });
    });

    test('fails on use after close', async () => {
      const folder = makeRepository();
      commitFiles(folder, { a: 'a' });
      const repository = await open(folder, { engine });
      await repository.resolveCommit('main');
      await repository.close();
      await repository.close();
      expect(await errorOf(repository.resolveCommit('main'))).toMatchObject({ code: 'closed' });
      const other = await open(folder, { engine });
      await other.close();
      expect(await errorOf(other.readBlob('1'.repeat(40)))).toMatchObject({ code: 'closed' });
    });

    test('leaves nothing open that keeps a program alive', async () => {
      const folder = makeRepository();
      commitFiles(folder, { a: 'a' });
      const repository = await open(folder, { engine });
      await repository.resolveCommit('main');
      expect(readdirSync(folder)).toContain('a');
      // Programs of the tests before may still be ending; one that is kept stays for ever.
      const kept = () => process.getActiveResourcesInfo().filter((kind) => kind === 'ProcessWrap');
      await expect.poll(kept, { timeout: 10_000 }).toEqual([]);
    });
  });
});

test('auto takes the git program where there is one, else the embedded engine', async () => {
  const folder = makeRepository();
  commitFiles(folder, { a: 'a' });
  expect((await open(folder, {})).engine).toBe('program');
  const without = { PATH: makeFolder() };
  expect((await open(folder, { environment: without })).engine).toBe('embedded');
  expect(
    (await open(folder, { environment: { ...process.env, HOLDFAST_GIT: 'embedded' } })).engine,
  ).toBe('embedded');
  expect(await errorOf(open(folder, { engine: 'program', environment: without }))).toMatchObject({
    code: 'git-missing',
    blame: 'environment',
  });
  expect(
    await errorOf(open(folder, { environment: { ...process.env, HOLDFAST_GIT: 'svn' } })),
  ).toMatchObject({ code: 'invalid-argument' });
});

/** Bytes for which deflate writes long code tables: all values, of very different frequency, and repetitions. */
function makeUneven(length: number): Buffer {
  let state = 1;
  const random = () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  const weights = Array.from({ length: 256 }, () => 2 ** Math.floor(random() * 10));
  const total = weights.reduce((sum, weight) => sum + weight);
  const pick = () => {
    let left = random() * total;
    return Math.max(
      0,
      weights.findIndex((weight) => (left -= weight) < 0),
    );
  };
  const bytes: number[] = [];
  while (bytes.length < length) {
    if (random() < 0.06 && bytes.length > 40) {
      const run = 3 + Math.floor(random() ** 3 * 200);
      const distance = 1 + Math.floor(random() ** 4 * (bytes.length - 1));
      for (let at = 0; at < run; at++) bytes.push(bytes.at(-distance) ?? 0);
    } else bytes.push(pick());
  }
  return Buffer.from(bytes.slice(0, length));
}

test.each(engines)('%s reads a difference that begins with long code tables', async (engine) => {
  const folder = makeRepository();
  // Git writes the larger one whole, and the other as the difference: the old content is the one that differs.
  const long = Buffer.from('0123456789abcdef'.repeat(8_000));
  writeFileSync(join(folder, 'new'), Buffer.concat([long, makeUneven(40_000).reverse()]));
  writeFileSync(join(folder, 'old'), Buffer.concat([long, makeUneven(60_000)]));
  const oids = ['new', 'old'].map((name) => git(folder, 'hash-object', '-w', name));
  const pack = join(folder, '.git', 'objects', 'pack', 'pack');
  gitWith({ input: Buffer.from(`${oids.join(' a\n')} a\n`) }, folder, 'pack-objects', '-q', pack);
  git(folder, 'prune-packed');
  const repository = await open(folder, { engine });
  for (const oid of oids) expect((await repository.readBlob(oid)).length).toBeGreaterThan(100_000);
});
