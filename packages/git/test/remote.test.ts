import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  existsSync,
  utimesSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { OpenOptions, Repository } from '../src/index.js';
import {
  ada,
  commitFiles,
  git,
  makeFolder,
  makeRepository,
  serve,
  type ServerOptions,
} from './scratch.js';
import { engines, errorOf, open, speakers } from './table.js';

const LOGIN = { username: 'holdfast', password: 'canary-7d1f/+ü' };

interface Setup {
  /** A work tree that pushes to the remote. */
  readonly work: string;
  readonly bare: string;
  readonly url: string;
  readonly cacheDirectory: string;
  readonly first: string;
}

async function prepare(options: ServerOptions = {}): Promise<Setup> {
  const work = makeRepository();
  const first = commitFiles(work, { 'a.md': 'a\n', 'd/b.md': 'b\n' }, 'first');
  git(work, 'tag', '-a', 'v1.0.0', '-m', 'one');
  const root = makeFolder();
  const bare = join(root, 'org/repo.git');
  mkdirSync(dirname(bare));
  git(root, 'clone', '-q', '--bare', work, bare);
  git(work, 'remote', 'add', 'origin', bare);
  const url = `${await serve(root, options)}/org/repo.git`;
  return { work, bare, url, cacheDirectory: join(makeFolder(), 'cache'), first };
}

function put(
  repository: Repository,
  parent: string,
  path = 'new.md',
): ReturnType<Repository['writeCommit']> {
  const changes = [{ path, mode: '100644' as const, content: Buffer.from(path) }];
  return repository.writeCommit({ parent, changes, message: path, author: ada, committer: ada });
}

/** A server on another port that sends each request on to where the repository is. */
async function redirect(url: string): Promise<string> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/^\/old\.git/, '');
    response.writeHead(301, { location: `${url}${path}` }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/old.git`;
}

/** All files below a folder, as one text. */
function readAll(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

describe.each(speakers)('%s', (engine) => {
  test('mirrors a remote and follows what changes there', async () => {
    const { work, bare, url, cacheDirectory, first } = await prepare();
    git(bare, 'update-ref', 'refs/holdfast/requests', first);
    git(bare, 'update-ref', 'refs/pull/1/head', first);
    git(bare, 'branch', 'gone', first);
    const repository = await open(url, { engine, cacheDirectory });
    expect({
      remote: repository.remote,
      bare: repository.bare,
      location: repository.location,
    }).toEqual({
      remote: true,
      bare: true,
      location: url,
    });
    expect((await repository.listRefs('refs/')).map(({ name }) => name)).toEqual([
      'refs/heads/gone',
      'refs/heads/main',
      'refs/holdfast/requests',
      'refs/tags/v1.0.0',
    ]);
    expect(await repository.defaultBranch()).toBe('main');
    expect((await repository.listReleases('v*')).map(({ tag }) => tag)).toEqual(['v1.0.0']);
    expect((await repository.readSnapshot('main')).entries.size).toBe(2);

    const second = commitFiles(work, { 'a.md': 'changed\n' });
    git(work, 'push', '-q', 'origin', 'main', 'HEAD:refs/heads/gone/below', ':gone');
    git(bare, 'symbolic-ref', 'HEAD', 'refs/heads/gone/below');
    const again = await open(url, { engine, cacheDirectory });
    expect(again.directory).toBe(repository.directory);
    expect((await again.resolveCommit('main'))?.oid).toBe(second);
    expect(await again.defaultBranch()).toBe('gone/below');
    expect((await again.listRefs('refs/heads/gone')).map(({ name }) => name)).toEqual([
      'refs/heads/gone/below',
    ]);
    const offline = await open(url, { engine, cacheDirectory, fetch: false });
    expect((await offline.resolveCommit('main'))?.oid).toBe(second);
    expect(git(repository.directory, 'fsck', '--no-dangling')).toBe('');
  });

  test('opens an empty remote and pushes its first commit', async () => {
    const { bare, url, cacheDirectory, first } = await prepare();
    rmSync(bare, { recursive: true });
    git(dirname(bare), 'init', '-q', '--bare', '-b', 'trunk', bare);
    const repository = await open(url, { engine, cacheDirectory });
    expect(await repository.listRefs('refs/')).toEqual([]);
    expect(await repository.defaultBranch()).toBeUndefined();
    const { commit } = await repository.writeCommit({
      changes: [],
      message: 'root',
      author: ada,
      committer: ada,
    });
    const update = { ref: 'refs/heads/trunk', old: null, new: commit };
    expect(await repository.updateRefs([update])).toEqual({ kind: 'updated' });
    expect(git(bare, 'rev-parse', 'trunk')).toBe(commit);
    expect(await errorOf(repository.readSnapshot(first))).toMatchObject({
      code: 'unknown-revision',
    });
  });

  test('pushes all refs or none, each from its old value only', async () => {
    const { work, bare, url, cacheDirectory, first } = await prepare();
    const repository = await open(url, { engine, cacheDirectory });
    const { commit } = await put(repository, first, 'deep/er/new.md');
    const branch = 'refs/heads/agent33-sync/rule';
    expect(
      await repository.updateRefs([
        { ref: branch, old: null, new: commit },
        { ref: 'refs/holdfast/requests', old: null, new: commit },
      ]),
    ).toEqual({ kind: 'updated' });
    expect(git(bare, 'rev-parse', branch, 'refs/holdfast/requests')).toBe(`${commit}\n${commit}`);
    expect(git(bare, 'fsck', '--no-dangling')).toBe('');
    expect((await repository.resolveCommit('agent33-sync/rule'))?.oid).toBe(commit);

    const theirs = commitFiles(work, { 'a.md': 'theirs' });
    git(work, 'push', '-q', 'origin', 'main');
    const { commit: ours } = await put(repository, first, 'ours.md');
    expect(
      await repository.updateRefs([
        { ref: branch, old: commit, new: ours },
        { ref: 'refs/heads/main', old: first, new: ours },
      ]),
    ).toEqual({ kind: 'moved', ref: 'refs/heads/main', expected: first, actual: theirs });
    expect(git(bare, 'rev-parse', branch, 'main')).toBe(`${commit}\n${theirs}`);
    expect((await repository.readSnapshot('main')).commit).toBe(theirs);

    // Not a descendant of the old value: it is the value that counts.
    expect(await repository.updateRefs([{ ref: branch, old: commit, new: ours }])).toEqual({
      kind: 'updated',
    });
    expect(await repository.updateRefs([{ ref: branch, old: commit, new: ours }])).toEqual({
      kind: 'updated',
    });
    expect(await repository.updateRefs([{ ref: branch, old: null, new: commit }])).toMatchObject({
      kind: 'moved',
      actual: ours,
    });
    expect(await repository.updateRefs([{ ref: branch, old: ours, new: null }])).toEqual({
      kind: 'updated',
    });
    expect(git(bare, 'for-each-ref', branch)).toBe('');
    expect(await repository.resolveCommit('agent33-sync/rule')).toBeUndefined();
  });

  test('pushes what the remote has no object of, whatever its base', async () => {
    const { work, bare, url, cacheDirectory, first } = await prepare();
    for (let index = 0; index < 5; index++) commitFiles(work, { [`f${index}`]: `${index}` });
    git(work, 'push', '-q', 'origin', 'main');
    const repository = await open(url, { engine, cacheDirectory });
    const one = await put(repository, 'main~3', 'd/one.md');
    const two = await put(repository, one.commit, 'd/two.md');
    const merge = await repository.writeCommit({
      parent: two.commit,
      parents: [two.commit, first],
      changes: [{ path: 'd/one.md', remove: true }],
      message: 'merge',
      author: ada,
      committer: ada,
    });
    const update = { ref: 'refs/heads/x', old: null, new: merge.commit };
    expect(await repository.updateRefs([update])).toEqual({ kind: 'updated' });
    expect(git(bare, 'fsck', '--no-dangling')).toBe('');
    expect(git(bare, 'ls-tree', '-r', '--name-only', 'x', 'd/')).toBe('d/b.md\nd/two.md');
  });

  test('lets one of two machines win each time', async () => {
    const { bare, url } = await prepare();
    const count = async (name: string): Promise<void> => {
      const repository = await open(url, { engine, cacheDirectory: join(makeFolder(), name) });
      for (let done = 0; done < 3;) {
        const parent = (await repository.resolveCommit('main'))?.oid ?? '';
        const { commit } = await put(repository, parent, `${name}-${done}`);
        const { kind } = await repository.updateRefs([
          { ref: 'refs/heads/main', old: parent, new: commit },
        ]);
        if (kind === 'updated') done++;
      }
    };
    await Promise.all([count('a'), count('b')]);
    expect(git(bare, 'rev-list', '--count', 'main')).toBe('7');
  });

  test('lets several processes share one mirror', async () => {
    const { url, cacheDirectory, first } = await prepare();
    const repositories = await Promise.all(
      Array.from({ length: 4 }, () => open(url, { engine, cacheDirectory })),
    );
    const commits = await Promise.all(repositories.map((each) => each.resolveCommit('main')));
    expect(commits.map((commit) => commit?.oid)).toEqual([first, first, first, first]);
    expect(readdirSync(cacheDirectory).length).toBe(1);
  });

  test('recovers from what a killed process left, and from a damaged mirror', async () => {
    const { work, url, cacheDirectory, first } = await prepare();
    const { directory } = await open(url, { engine, cacheDirectory });
    mkdirSync(`${directory}.lock`);
    utimesSync(`${directory}.lock`, 1, 1);
    writeFileSync(join(directory, 'packed-refs.lock'), '');
    writeFileSync(join(directory, 'refs/heads/main.lock'), '');
    rmSync(join(directory, 'refs/heads/main'), { force: true });
    const second = await open(url, { engine, cacheDirectory });
    expect((await second.resolveCommit('main'))?.oid).toBe(first);
    const packs = join(directory, 'objects');
    for (const name of readdirSync(packs)) rmSync(join(packs, name), { recursive: true });
    mkdirSync(join(packs, 'pack'));
    commitFiles(work, { more: 'more' });
    git(work, 'push', '-q', 'origin', 'main:more');
    const mended = await open(url, { engine, cacheDirectory });
    expect((await mended.readSnapshot('more')).entries.size).toBe(3);
    expect(git(directory, 'fsck', '--no-dangling')).toBe('');
    rmSync(directory, { recursive: true });
    const third = await open(url, { engine, cacheDirectory });
    expect((await third.resolveCommit('main'))?.oid).toBe(first);
  });

  test('does not drown in packs', async () => {
    const { work, url, cacheDirectory } = await prepare();
    const { directory } = await open(url, { engine, cacheDirectory });
    const packs = join(directory, 'objects/pack');
    const count = (): number => readdirSync(packs).filter((name) => name.endsWith('.pack')).length;
    const many = engine === 'embedded' ? 501 : 61;
    const [pack = ''] = readdirSync(packs).filter((name) => name.endsWith('.pack'));
    for (let index = 0; index < many; index++) {
      const copy = `pack-${index.toString(16).padStart(40, '0')}`;
      for (const end of ['.pack', '.idx']) {
        cpSync(join(packs, pack.replace('.pack', end)), join(packs, copy + end));
      }
    }
    const second = commitFiles(work, { 'a.md': 'two\n' });
    git(work, 'push', '-q', 'origin', 'main');
    const repository = await open(url, { engine, cacheDirectory });
    expect(count()).toBeLessThan(5);
    expect((await repository.resolveCommit('main'))?.oid).toBe(second);
    expect((await repository.readSnapshot('main')).entries.size).toBe(2);
    expect(git(directory, 'fsck', '--no-dangling')).toBe('');
  });

  test('passes on the words of a refusing hook', async () => {
    const { bare, url, cacheDirectory, first } = await prepare();
    mkdirSync(join(bare, 'hooks'), { recursive: true });
    const hook = '#!/bin/sh\necho "GH006: Protected branch \\033[31mupdate failed." >&2\nexit 1\n';
    writeFileSync(join(bare, 'hooks/pre-receive'), hook, { mode: 0o755 });
    const repository = await open(url, { engine, cacheDirectory });
    const { commit } = await put(repository, first);
    const error = await errorOf(
      repository.updateRefs([{ ref: 'refs/heads/main', old: first, new: commit }]),
    );
    expect(error).toMatchObject({
      code: 'push-refused',
      blame: 'repository',
      data: {
        ref: 'refs/heads/main',
        reason: 'pre-receive hook declined',
        words: 'GH006: Protected branch [31mupdate failed.',
      },
    });
    expect(error.message.replace(url, 'URL')).toMatchInlineSnapshot(
      `"URL refused refs/heads/main: pre-receive hook declined: GH006: Protected branch [31mupdate failed."`,
    );
    expect((await repository.resolveCommit('main'))?.oid).toBe(first);
  });

  test('says what right a token lacks to change workflows', async () => {
    const { bare, url, cacheDirectory, first } = await prepare();
    mkdirSync(join(bare, 'hooks'), { recursive: true });
    const said =
      'refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission';
    const hook = `#!/bin/sh\ncat >&2 <<'END'\n${said}\nEND\nexit 1\n`;
    writeFileSync(join(bare, 'hooks/pre-receive'), hook, { mode: 0o755 });
    const repository = await open(url, { engine, cacheDirectory });
    const { commit } = await put(repository, first, '.github/workflows/ci.yml');
    const update = { ref: 'refs/heads/x', old: null, new: commit };
    expect(await errorOf(repository.updateRefs([update]))).toMatchObject({
      code: 'push-refused',
      data: { words: said },
      hint: expect.stringContaining('Workflows: write'),
    });
  });

  test('passes on the rules of a remote against deletion', async () => {
    const { bare, url, cacheDirectory, first } = await prepare();
    git(bare, 'config', 'receive.denyDeletes', 'true');
    git(bare, 'branch', 'x');
    const repository = await open(url, { engine, cacheDirectory });
    const error = await errorOf(
      repository.updateRefs([
        { ref: 'refs/heads/x', old: first, new: null },
        { ref: 'refs/heads/y', old: null, new: first },
      ]),
    );
    expect(error).toMatchObject({ code: 'push-refused', data: { reason: 'deletion prohibited' } });
    expect(git(bare, 'for-each-ref', '--format=%(refname)', 'refs/heads')).toBe(
      'refs/heads/main\nrefs/heads/x',
    );
  });

  test('logs in with what it is given, and leaves it nowhere', async () => {
    const { bare, url, cacheDirectory, first } = await prepare({ login: LOGIN });
    const asked: string[] = [];
    const credentials: OpenOptions['credentials'] = (where) => {
      asked.push(where);
      return Promise.resolve(LOGIN);
    };
    const repository = await open(url, { engine, cacheDirectory, credentials });
    const { commit } = await put(repository, first);
    const update = { ref: 'refs/heads/main', old: first, new: commit };
    expect(await repository.updateRefs([update])).toEqual({ kind: 'updated' });
    expect(git(bare, 'rev-parse', 'main')).toBe(commit);
    expect(new Set(asked)).toEqual(new Set([new URL(url).origin]));
    expect(readAll(cacheDirectory)).not.toContain('canary');
  });

  test('follows a redirection, but takes no secret to another host', async () => {
    const credentials = (): Promise<typeof LOGIN> => Promise.resolve(LOGIN);
    const guarded = await prepare({ login: LOGIN });
    const error = await errorOf(
      open(await redirect(guarded.url), {
        engine,
        cacheDirectory: guarded.cacheDirectory,
        credentials,
      }),
    );
    expect(error.code).toBe('authentication');

    const { url, bare, cacheDirectory, first } = await prepare();
    const repository = await open(await redirect(url), { engine, cacheDirectory, credentials });
    expect((await repository.resolveCommit('main'))?.oid).toBe(first);
    const { commit } = await put(repository, first);
    await repository.updateRefs([{ ref: 'refs/heads/x', old: null, new: commit }]);
    expect(git(bare, 'rev-parse', 'x')).toBe(commit);
  });

  test('says that a login is missing or wrong, without the secret', async () => {
    const { url, cacheDirectory } = await prepare({ login: LOGIN });
    const wrong = { username: 'x', password: 'canary-wrong' };
    for (const credentials of [undefined, () => Promise.resolve(wrong)]) {
      const error = await errorOf(
        open(url, {
          engine,
          cacheDirectory,
          ...(credentials === undefined ? {} : { credentials }),
        }),
      );
      expect(error).toMatchObject({ code: 'authentication', blame: 'environment' });
      expect(JSON.stringify([error.message, error.data, error.stack, error.hint])).not.toContain(
        'canary',
      );
    }
  });

  test.each([
    [403, 'authentication'],
    [404, 'not-a-repository'],
    [500, 'unreachable'],
  ])('understands HTTP %i', async (status, code) => {
    const { url, cacheDirectory } = await prepare({ status });
    expect(await errorOf(open(url, { engine, cacheDirectory }))).toMatchObject({ code });
  });

  test('understands a page that is no repository', async () => {
    const { url, cacheDirectory } = await prepare({ status: 200 });
    const error = await errorOf(open(url, { engine, cacheDirectory }));
    expect(error.code).toBe('not-a-repository');
  });

  test('says that a host cannot be reached', async () => {
    const cacheDirectory = makeFolder();
    const error = await errorOf(open('http://127.0.0.1:1/x.git', { engine, cacheDirectory }));
    expect(error).toMatchObject({ code: 'unreachable', blame: 'environment' });
    expect(
      await errorOf(open('http://nowhere.invalid/x.git', { engine, cacheDirectory })),
    ).toMatchObject({
      code: 'unreachable',
    });
  });

  test('gives up after the timeout, and when told to', async () => {
    const { url, cacheDirectory } = await prepare({ silent: true });
    const error = await errorOf(open(url, { engine, cacheDirectory, timeouts: { totalMs: 300 } }));
    expect(error).toMatchObject({ code: 'timeout', blame: 'environment' });
    const signal = AbortSignal.timeout(200);
    await expect(open(url, { engine, cacheDirectory, signal })).rejects.toThrow(/abort|timeout/i);
  });

  test('refuses a SHA-256 remote', async () => {
    const { bare, url, cacheDirectory } = await prepare();
    rmSync(bare, { recursive: true });
    git(dirname(bare), 'init', '-q', '--bare', '--object-format=sha256', bare);
    const work = makeFolder();
    git(work, 'init', '-q', '--object-format=sha256');
    commitFiles(work, { a: 'a' });
    git(work, 'push', '-q', bare, 'HEAD:refs/heads/main');
    expect(await errorOf(open(url, { engine, cacheDirectory }))).toMatchObject({
      code: 'sha256-repository',
    });
  });

  test('needs a place for the mirror', async () => {
    expect(await errorOf(open('https://example.com/x.git', { engine }))).toMatchObject({
      code: 'invalid-argument',
    });
    expect(
      await errorOf(
        open('https://example.com/x.git', { engine, cacheDirectory: makeFolder(), fetch: false }),
      ),
    ).toMatchObject({ code: 'not-a-repository' });
  });

  test('refuses credentials in a URL, and shows them nowhere', async () => {
    const error = await errorOf(
      open('https://user:canary@example.com/x.git', { engine, cacheDirectory: makeFolder() }),
    );
    expect(error).toMatchObject({ code: 'invalid-location', blame: 'input' });
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain('canary');
    expect(error.message).toMatchInlineSnapshot(
      `"the location of a repository cannot be used: a URL must not carry credentials (it is not shown: it may hold a secret)"`,
    );
  });
});

describe.each(['embedded', 'auto'] as const)('requests, %s', (engine) => {
  test('one for the refs, one for what is new, one for a push', async () => {
    const asked: string[] = [];
    const { work, bare, url, cacheDirectory, first } = await prepare({ login: LOGIN, asked });
    const take = (): string[] => asked.splice(0).map((each) => each.replace(/ .*\//, ' '));
    for (let index = 0; index < 50; index++) git(bare, 'update-ref', `refs/pull/${index}`, first);
    const credentials = (): Promise<typeof LOGIN> => Promise.resolve(LOGIN);
    const options = { engine, cacheDirectory, credentials };

    await open(url, options);
    expect(take()).toEqual(['POST git-upload-pack', 'POST git-upload-pack']);
    const repository = await open(url, options);
    expect(take()).toEqual(['POST git-upload-pack']);
    const { commit } = await put(repository, first);
    await repository.updateRefs([{ ref: 'refs/heads/x', old: null, new: commit }]);
    expect(take()).toEqual(['POST git-receive-pack']);
    await open(url, options);
    expect(take()).toEqual(['POST git-upload-pack']);

    const second = commitFiles(work, { 'a.md': 'two\n' });
    git(work, 'push', '-q', 'origin', 'main');
    const again = await open(url, options);
    expect((await again.resolveCommit('main'))?.oid).toBe(second);
    expect(take()).toEqual(['POST git-upload-pack', 'POST git-upload-pack']);
    expect(git(bare, 'fsck', '--no-dangling')).toBe('');
    expect(git(repository.directory, 'fsck', '--no-dangling')).toBe('');
  });

  test('an old server is asked as it was', async () => {
    const asked: string[] = [];
    const { bare, url, cacheDirectory, first } = await prepare({ old: true, asked });
    const repository = await open(url, { engine, cacheDirectory });
    expect((await repository.resolveCommit('main'))?.oid).toBe(first);
    expect(asked.map((each) => each.replace(/ .*\//, ' '))).toEqual([
      'POST git-upload-pack',
      'GET refs?service=git-upload-pack',
      'POST git-upload-pack',
    ]);
    const { commit } = await put(repository, first);
    const update = { ref: 'refs/heads/x', old: null, new: commit };
    expect(await repository.updateRefs([update])).toEqual({ kind: 'updated' });
    expect(git(bare, 'rev-parse', 'x')).toBe(commit);
  });

  test('what the mirror has not seen yet: a branch that moved or went meanwhile', async () => {
    const { bare, url, cacheDirectory, first } = await prepare();
    const repository = await open(url, { engine, cacheDirectory });
    const one = await put(repository, first, 'one');
    const two = await put(repository, first, 'two');
    await repository.updateRefs([{ ref: 'refs/heads/x', old: null, new: one.commit }]);
    git(bare, 'update-ref', 'refs/heads/x', first);
    const late = { ref: 'refs/heads/x', old: one.commit, new: two.commit };
    const moved = { kind: 'moved', ref: late.ref, expected: one.commit, actual: first };
    expect(await repository.updateRefs([late])).toEqual(moved);
    git(bare, 'update-ref', '-d', 'refs/heads/x');
    const later = { ref: 'refs/heads/x', old: first, new: null };
    expect(await repository.updateRefs([later])).toEqual({ kind: 'updated' });
    git(bare, 'update-ref', 'refs/heads/x', two.commit === first ? one.commit : first);
    const fresh = { ref: 'refs/heads/x', old: null, new: two.commit };
    expect(await repository.updateRefs([fresh])).toMatchObject({ kind: 'moved', actual: first });
  });

  test('a branch that rests on a commit that the remote has no more', async () => {
    const { work, bare, url, cacheDirectory, first } = await prepare();
    const second = commitFiles(work, { 'b.md': 'two\n' });
    git(work, 'push', '-q', 'origin', 'main:other');
    const repository = await open(url, { engine, cacheDirectory });
    git(bare, 'update-ref', '-d', 'refs/heads/other');
    git(bare, 'gc', '-q', '--prune=now');
    const { commit } = await put(repository, second, 'three');
    const update = { ref: 'refs/heads/x', old: null, new: commit };
    expect(await repository.updateRefs([update])).toEqual({ kind: 'updated' });
    expect(git(bare, 'rev-parse', 'x~2')).toBe(first);
    expect(git(bare, 'fsck', '--no-dangling')).toBe('');
  });
});

test('the git program is never given a secret as an argument', async () => {
  const { url, cacheDirectory, first } = await prepare({ login: LOGIN });
  const folder = makeFolder();
  const log = join(folder, 'argv');
  const real = git(folder, '--exec-path');
  const script = `#!/bin/sh\nprintf '%s\\n' "$*" >> ${log}\nexec ${join(real, 'git')} "$@"\n`;
  writeFileSync(join(folder, 'git'), script, { mode: 0o755 });
  const environment = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
  const repository = await open(url, {
    engine: 'program',
    cacheDirectory,
    environment,
    credentials: () => Promise.resolve(LOGIN),
  });
  const { commit } = await put(repository, first);
  await repository.updateRefs([{ ref: 'refs/heads/main', old: first, new: commit }]);
  const argv = readFileSync(log, 'utf8');
  expect(argv).toContain('push');
  expect(argv).not.toContain('canary');
  expect(argv).not.toContain(Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64'));
});

test.each(engines)('a file URL is the repository at that path to %s', async (engine) => {
  const { bare, first } = await prepare();
  const location = `file://${bare}`;
  const repository = await open(location, { engine });
  expect(repository).toMatchObject({ location, remote: false, directory: bare });
  const { commit } = await put(repository, first);
  await repository.updateRefs([{ ref: 'refs/heads/x', old: null, new: commit }]);
  expect(git(bare, 'rev-parse', 'x')).toBe(commit);
});

test('a file URL is pushed to where hooks are to run', async () => {
  const { bare, cacheDirectory, first } = await prepare();
  mkdirSync(join(bare, 'hooks'), { recursive: true });
  const mark = join(makeFolder(), 'ran');
  writeFileSync(join(bare, 'hooks/pre-receive'), `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
  const options = { engine: 'program', cacheDirectory, runHooks: true } as const;
  const repository = await open(`file://${bare}`, options);
  expect(repository.remote).toBe(true);
  const { commit } = await put(repository, first);
  await repository.updateRefs([{ ref: 'refs/heads/x', old: null, new: commit }]);
  expect(git(bare, 'rev-parse', 'x')).toBe(commit);
  expect(existsSync(mark)).toBe(true);
});

test('ssh is beyond the embedded engine', async () => {
  for (const location of ['ssh://git@example.com/x.git', 'git@example.com:x.git']) {
    const error = await errorOf(
      open(location, { engine: 'embedded', cacheDirectory: makeFolder() }),
    );
    expect(error).toMatchObject({
      code: 'unsupported',
      hint: expect.stringContaining('git program'),
    });
  }
});

test('a shallow remote is mirrored as far as it goes', async () => {
  const { work, cacheDirectory } = await prepare();
  const last = commitFiles(work, { 'a.md': 'two' });
  const root = makeFolder();
  git(root, 'clone', '-q', '--bare', '--depth=1', `file://${work}`, join(root, 'shallow.git'));
  const url = `${await serve(root)}/shallow.git`;
  for (const engine of ['program', 'auto'] as const) {
    const repository = await open(url, { engine, cacheDirectory: join(cacheDirectory, engine) });
    expect((await repository.log({ to: 'main' })).map(({ oid }) => oid)).toEqual([last]);
    expect(existsSync(join(repository.directory, 'shallow'))).toBe(true);
  }
  const elsewhere = makeFolder();
  expect(await errorOf(open(url, { engine: 'embedded', cacheDirectory: elsewhere }))).toMatchObject(
    {
      code: 'unsupported',
    },
  );
});

describe.each(['program', 'auto'] as const)('the configuration, %s', (engine) => {
  /** The environment of a machine whose system configuration has these lines. */
  function machine(lines: string): Record<string, string | undefined> {
    const file = join(makeFolder(), 'gitconfig');
    writeFileSync(file, lines);
    const { GIT_CONFIG_NOSYSTEM: _off, ...others } = process.env;
    return { ...others, GIT_CONFIG_SYSTEM: file };
  }

  test('names the program that speaks ssh', async () => {
    const { bare, cacheDirectory, first } = await prepare();
    const ssh = join(makeFolder(), 'ssh');
    writeFileSync(ssh, '#!/bin/sh\nfor last; do :; done\neval "exec $last"\n', { mode: 0o755 });
    for (const [environment, folder] of [
      [machine(`[core]\n\tsshCommand = ${ssh}\n`), 'system'],
      [{ ...process.env, GIT_SSH_COMMAND: ssh }, 'variable'],
    ] as const) {
      const cache = join(cacheDirectory, folder);
      const location = `ssh://git@h.example${bare}`;
      const options = { engine, cacheDirectory: cache, environment } as const;
      const repository = await open(location, options);
      expect((await repository.resolveCommit('main'))?.oid).toBe(first);
      const { commit } = await put(repository, first, folder);
      const update = { ref: `refs/heads/${folder}`, old: null, new: commit };
      expect(await repository.updateRefs([update])).toEqual({ kind: 'updated' });
      expect(git(bare, 'rev-parse', folder)).toBe(commit);
    }
  });

  test('knows a login that the caller does not', async () => {
    const { url, cacheDirectory, first } = await prepare({ login: LOGIN });
    const helper = `!f() { echo username=${LOGIN.username}; echo 'password=${LOGIN.password}'; }; f`;
    const environment = machine(`[credential]\n\thelper = "${helper}"\n`);
    const repository = await open(url, { engine, cacheDirectory, environment });
    expect((await repository.resolveCommit('main'))?.oid).toBe(first);
    expect(readAll(cacheDirectory)).not.toContain('canary');
  });

  test('names the proxy', async () => {
    const asked: string[] = [];
    const proxy = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void proxy.close());
    const { port } = proxy.address() as AddressInfo;
    const environment = machine(`[http]\n\tproxy = http://127.0.0.1:${port}\n`);
    const error = await errorOf(
      open('http://nowhere.invalid/x.git', {
        ...{ engine, cacheDirectory: makeFolder(), environment },
      }),
    );
    expect(error.code).toBe('not-a-repository');
    expect(asked[0]).toMatch(/^http:\/\/nowhere\.invalid\/x\.git/);
  });
});
