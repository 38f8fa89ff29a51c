import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hostCredentials, parseLocation, resolveLocation, type GitError } from '../src/index.js';
import { ada, commitFiles, git, makeFolder, makeRepository, serve } from '../test/scratch.js';
import { engines, errorOf, open } from '../test/table.js';

const TOKEN = 'canary-Tk9/x+ü';
const PLAIN = 'ghp_canary0123456789abcdefghijklmnopqrst';

/** Everything of an error that could be printed or written. */
function allOf(error: GitError): string {
  const { message, stack, hint, data } = error;
  return `${message} ${stack} ${hint} ${JSON.stringify(data)} ${String(error.cause)}`;
}

/** All names and files below a folder, as one text. */
function readAll(folder: string): string {
  if (!existsSync(folder)) return '';
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return entry.isFile() ? `${path}\n${readFileSync(path, 'latin1')}` : path;
    })
    .join('\n');
}

describe('locations that hold a secret', () => {
  const forms = [
    `https://${PLAIN}@h.example/x.git`,
    `https://u:${PLAIN}@h.example/x.git`,
    `https://u:${encodeURIComponent(TOKEN)}@h.example/x.git`,
    ` https://u:${PLAIN}@h.example/x.git`,
    `\thttps://u:${PLAIN}@h.example/x.git`,
    `https://u:${PLAIN}@h.example/x.git `,
    `\u200bhttps://u:${PLAIN}@h.example/x.git`,
    `https:/u:${PLAIN}@h.example/x.git`,
    `https:u:${PLAIN}@h.example/x.git`,
    `https:///u:${PLAIN}@h.example/x.git`,
    `https:\\\\u:${PLAIN}@h.example\\x.git`,
    `HTTPS://u:${PLAIN}@h.example/x.git`,
    `https://h.example/x.git?private_token=${PLAIN}`,
    `https://h.example/x.git#${PLAIN}`,
    `https://h.example/x.git?`,
    `https://h.example/${PLAIN}/x.git`,
    `https://h.example/oauth2:${PLAIN}@/x.git`,
    `https://h.example/u%3A${PLAIN}%40x/x.git`,
    `https://h.example/x.git;token=${PLAIN}`,
    `ssh://git:${PLAIN}@h.example/x.git`,
    `ssh://${PLAIN}@h.example/x.git`,
    `ssh://git@h.example/x.git?token=${PLAIN}`,
    `git+ssh://git:${PLAIN}@h.example/x.git`,
    `git://u:${PLAIN}@h.example/x.git`,
    `file://u:${PLAIN}@localhost/x.git`,
    `${PLAIN}@h.example:x.git`,
    `u:${PLAIN}@h.example:x.git`,
    `u:${PLAIN}@h.example/x.git`,
    `h.example:u:${PLAIN}@x.git`,
    `./https://u:${PLAIN}@h.example/x.git`,
    `ext::sh -c ${PLAIN}`,
    `svn://u:${PLAIN}@h.example/x`,
    `https://h.example:${PLAIN}/x`,
    `https://[u:${PLAIN}@h]/x`,
  ];

  test.each(forms)('%j', async (location) => {
    expect(() => parseLocation(location)).toThrow(/cannot be used/);
    expect(() => resolveLocation('/srv', location)).toThrow(/cannot be used/);
    const cacheDirectory = join(makeFolder(), 'cache');
    const error = await errorOf(open(location, { cacheDirectory }));
    expect(error).toMatchObject({ code: 'invalid-location', blame: 'input' });
    expect(allOf(error)).not.toContain('canary');
    expect(readAll(cacheDirectory)).toBe('');
  });

  test('a known secret in the path', async () => {
    const error = await errorOf(
      open('https://h.example/5ecret/x', { secrets: ['5ecret'], cacheDirectory: makeFolder() }),
    );
    expect(error.code).toBe('invalid-location');
    expect(allOf(error)).not.toContain('5ecret');
  });
});

describe.each(engines)('secrets that come back, %s', (engine) => {
  const login = { username: 'holdfast', password: TOKEN };
  const echo = `${TOKEN} ${encodeURIComponent(TOKEN)} ${Buffer.from(`holdfast:${TOKEN}`).toString('base64')}`;
  const spellings = [
    'canary',
    encodeURIComponent('x+ü'),
    Buffer.from(`holdfast:${TOKEN}`).toString('base64'),
  ];

  test.each([
    [401, 'text/plain'],
    [403, 'text/plain'],
    [500, 'text/plain'],
    [200, 'text/plain'],
    [200, 'application/x-git-upload-pack-advertisement'],
  ])('from a server that answers %i as %s', async (status, type) => {
    const server = createServer((request, response) => {
      const said = `${echo} ${request.headers.authorization ?? ''}`;
      const line = `ERR ${said}\n`;
      const packet = `${(Buffer.byteLength(line) + 4).toString(16).padStart(4, '0')}${line}`;
      const challenge = status === 401 && request.headers.authorization === undefined;
      if (challenge) response.setHeader('www-authenticate', 'Basic realm="x"');
      response.writeHead(status, { 'content-type': type });
      response.end(type === 'text/plain' ? said : packet);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.git`;
    const cacheDirectory = join(makeFolder(), 'cache');
    const credentials = (): Promise<typeof login> => Promise.resolve(login);
    const error = await errorOf(open(url, { engine, cacheDirectory, credentials }));
    for (const spelling of spellings) expect(allOf(error)).not.toContain(spelling);
    expect(readAll(cacheDirectory)).not.toContain('canary');
  });

  test('from a hook that refuses a push', async () => {
    const work = makeRepository();
    const first = commitFiles(work, { a: 'a' });
    const root = makeFolder();
    git(root, 'clone', '-q', '--bare', work, join(root, 'x.git'));
    mkdirSync(join(root, 'x.git/hooks'), { recursive: true });
    const hook = `#!/bin/sh\necho '${echo}' >&2\nexit 1\n`;
    writeFileSync(join(root, 'x.git/hooks/pre-receive'), hook, { mode: 0o755 });
    const repository = await open(`${await serve(root, { login })}/x.git`, {
      engine,
      cacheDirectory: makeFolder(),
      credentials: () => Promise.resolve(login),
    });
    const change = { path: 'b', mode: '100644' as const, content: Buffer.from('b') };
    const { commit } = await repository.writeCommit({
      ...{ parent: first, changes: [change], message: 'x', author: ada, committer: ada },
    });
    const error = await errorOf(
      repository.updateRefs([{ ref: 'refs/heads/x', old: null, new: commit }]),
    );
    expect(error.code).toBe('push-refused');
    for (const spelling of spellings) expect(allOf(error)).not.toContain(spelling);
  });

  test('to another host, which is given none', async () => {
    const source = hostCredentials({ 'git.example': login, '127.0.0.1:1': login });
    expect(await source('https://git.example')).toEqual(login);
    for (const origin of [
      'http://git.example',
      'https://git.example:8443',
      'https://git.example.evil.example',
      'https://evil.example',
      'http://127.0.0.1:2',
    ]) {
      expect(await source(origin)).toBeUndefined();
    }
  });
});
