import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createSocketServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { deflateSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { scanPack } from '../src/embedded/scan-pack.js';
import { completeLimits } from '../src/limits.js';
import { ada, commitFiles, git, makeFolder, makeRepository, serve } from '../test/scratch.js';
import { errorOf, open, speakers } from '../test/table.js';

/** A server that answers as it is told. */
async function answer(
  respond: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer((request, response) => {
    response.on('error', () => undefined);
    respond(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.git`;
}

const packet = (line: string): string =>
  `${(Buffer.byteLength(line) + 4).toString(16).padStart(4, '0')}${line}`;

const LISTING = 'application/x-git-upload-pack-advertisement';
const BEGIN = `${packet('# service=git-upload-pack\n')}0000`;

/** Refs without end, as fast as they are taken. */
function listForever(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': LISTING });
  response.write(BEGIN);
  let count = 0;
  const more = (): void => {
    let going = true;
    while (going && !response.destroyed) {
      const lines = Array.from({ length: 500 }, () => {
        const oid = String(++count).padStart(40, '0');
        return packet(`${oid} refs/heads/b${count}${count === 1 ? '\0side-band-64k' : ''}\n`);
      });
      going = response.write(lines.join(''));
    }
    response.once('drain', more);
  };
  more();
}

describe.each(speakers)('servers, %s', (engine) => {
  test('that list refs without end', { timeout: 120_000 }, async () => {
    const url = await answer((_request, response) => listForever(response));
    const error = await errorOf(
      open(url, {
        engine,
        cacheDirectory: makeFolder(),
        limits: { refs: 20_000, answerBytes: 8_000_000, memoryBytes: 30_000_000 },
      }),
    );
    expect(error.code).toBe('too-large');
    expect(error.hint).toMatch(/limits\.(answerBytes|memoryBytes|refs)/);
  });

  test('that say nothing', async () => {
    const url = await answer(() => undefined);
    const error = await errorOf(
      open(url, { engine, cacheDirectory: makeFolder(), timeouts: { idleMs: 1_000 } }),
    );
    expect(error).toMatchObject({ code: 'timeout', data: { timeout: 'idleMs' } });
    expect(error.hint).toContain('timeouts.idleMs');
  });

  test('that take the connection and never speak HTTP', async () => {
    const server = createSocketServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.git`;
    const error = await errorOf(
      open(url, { engine, cacheDirectory: makeFolder(), timeouts: { idleMs: 1_000 } }),
    );
    expect(error.code).toBe('timeout');
  });

  test('that say a byte at a time', async () => {
    const url = await answer((_request, response) => {
      response.writeHead(200, { 'content-type': LISTING });
      const timer = setInterval(() => response.write('0'), 200);
      onTestFinished(() => clearInterval(timer));
    });
    const timeouts = { idleMs: 2_000, totalMs: 20_000 };
    const error = await errorOf(open(url, { engine, cacheDirectory: makeFolder(), timeouts }));
    expect(['timeout', 'unreachable', 'not-a-repository']).toContain(error.code);
  });

  test('that never come to an end', async () => {
    const url = await answer((_request, response) => {
      response.writeHead(200, { 'content-type': LISTING });
      const timer = setInterval(() => response.write(packet('#'.repeat(100))), 20);
      onTestFinished(() => clearInterval(timer));
    });
    const error = await errorOf(
      open(url, { engine, cacheDirectory: makeFolder(), timeouts: { totalMs: 1_500 } }),
    );
    expect(error.code === 'timeout' || error.code === 'not-a-repository').toBe(true);
  });

  test.each([
    ['a compressed answer', 200, { 'content-encoding': 'gzip' }],
    ['a redirection to itself', 302, { location: '/x.git/info/refs?service=git-upload-pack' }],
    ['a redirection to a file', 302, { location: 'file:///etc/passwd' }],
    ['a redirection with a login', 302, { location: 'http://u:p@127.0.0.1:1/x' }],
    ['a redirection to nowhere', 302, { location: 'http://127.0.0.1:1/info/refs' }],
    ['an answer without end of a chunk', 200, { 'transfer-encoding': 'chunked' }],
  ])('that give %s', async (_name, status, headers) => {
    const url = await answer((_request, response) => {
      response.writeHead(status, { 'content-type': LISTING, ...headers });
      response.end(deflateSync(Buffer.alloc(1_000_000)));
    });
    const error = await errorOf(
      open(url, { engine, cacheDirectory: makeFolder(), timeouts: { totalMs: 20_000 } }),
    );
    expect(['unreachable', 'not-a-repository', 'git-failed', 'corrupt']).toContain(error.code);
  });

  test('are never asked for objects beyond the limits', async () => {
    const work = makeRepository();
    commitFiles(work, { a: 'a' });
    const root = makeFolder();
    git(root, 'clone', '-q', '--bare', work, join(root, 'x.git'));
    const url = `${await serve(root)}/x.git`;
    for (let index = 0; index < 30; index++) git(join(root, 'x.git'), 'branch', `b${index}`);
    const options = { engine, cacheDirectory: makeFolder(), limits: { refs: 20 } };
    const error = await errorOf(open(url, options));
    expect(error).toMatchObject({ code: 'too-large', data: { limit: 'refs' } });
  });

  test('four at once over one cache, none of which loses its way', async () => {
    const work = makeRepository();
    const first = commitFiles(work, { a: 'a' });
    const root = makeFolder();
    git(root, 'clone', '-q', '--bare', work, join(root, 'x.git'));
    const url = `${await serve(root)}/x.git`;
    const cacheDirectory = makeFolder();
    const rounds = process.env['HOLDFAST_ATTACK'] === 'full' ? 15 : 2;
    const sync = async (name: string): Promise<void> => {
      for (let done = 0; done < rounds;) {
        const repository = await open(url, { engine, cacheDirectory });
        const old = (await repository.resolveCommit('refs/heads/main'))?.oid ?? first;
        const own = (await repository.resolveCommit(`refs/heads/${name}`))?.oid ?? null;
        const change = { path: name, mode: '100644' as const, content: Buffer.from(`${done}`) };
        const { commit } = await repository.writeCommit({
          ...{ parent: old, changes: [change], message: name, author: ada, committer: ada },
        });
        const { kind } = await repository.updateRefs([
          { ref: `refs/heads/${name}`, old: own, new: commit },
          { ref: 'refs/heads/main', old, new: commit },
        ]);
        if (kind === 'updated') done++;
        await repository.close();
      }
    };
    await Promise.all(['one', 'two', 'three', 'four'].map(sync));
    const count = git(join(root, 'x.git'), 'rev-list', '--count', 'main');
    expect(count).toBe(`${4 * rounds + 1}`);
  });
});

test('a git that waits for a server dies with the process that started it', async () => {
  if (!existsSync('/proc/self/stat')) return; // nothing to look at
  const url = await answer(() => undefined);
  const script = join(makeFolder(), 'wait.mjs');
  const index = new URL('../src/index.ts', import.meta.url).href;
  writeFileSync(
    script,
    `import { openRepository } from ${JSON.stringify(index)};\nawait openRepository(${JSON.stringify(url)}, { engine: 'program', cacheDirectory: ${JSON.stringify(makeFolder())}, environment: process.env });\n`,
  );
  const hook = join(import.meta.dirname, '../test/resolve-source.js');
  const child = spawn(process.execPath, [`--import=${hook}`, script], { stdio: 'ignore' });
  const isWaiting = (): string[] =>
    readdirSync('/proc').filter((name) => {
      try {
        return (
          /^\d+$/.test(name) &&
          Number(name) !== child.pid &&
          readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(url)
        );
      } catch {
        return false;
      }
    });
  for (let tries = 0; isWaiting().length < 2 && tries < 200; tries++) await pause(50);
  expect(isWaiting().length).toBeGreaterThan(1);
  child.kill('SIGKILL');
  await once(child, 'close');
  for (let tries = 0; isWaiting().length > 0 && tries < 100; tries++) await pause(50);
  expect(isWaiting()).toEqual([]);
});

describe('packs that a server sends to the embedded engine', () => {
  const limits = completeLimits({ blobBytes: 1_000_000, objectBytes: 100_000 });

  function packOf(entries: readonly { type: number; size: number; data: Buffer }[]): Buffer {
    const head = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1');
    head.writeUInt32BE(entries.length, 8);
    const body = entries.map(({ type, size, data }) => {
      const bytes = [(type << 4) | (size & 15)];
      for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80;
        bytes.push(rest & 0x7f);
      }
      return Buffer.concat([Buffer.from(bytes), data]);
    });
    const all = Buffer.concat([head, ...body]);
    return Buffer.concat([all, createHash('sha1').update(all).digest()]);
  }

  test.each([
    ['a file that says how large it is', 3, 50_000_000, 50_000_000, 'too-large'],
    ['a tree that says how large it is', 2, 200_000, 200_000, 'too-large'],
    ['a file that is larger than it says', 3, 100, 50_000_000, 'corrupt'],
    ['a file that is smaller than it says', 3, 900_000, 10, 'corrupt'],
    ['an entry of no kind', 5, 10, 10, 'corrupt'],
  ])('%s', (_name, type, says, has, code) => {
    const pack = packOf([{ type, size: says, data: deflateSync(Buffer.alloc(has)) }]);
    expect(() => scanPack(pack, limits)).toThrow(expect.objectContaining({ code }));
  });

  test('a difference that makes much of little', () => {
    const size = (value: number): number[] => {
      const bytes: number[] = [];
      let rest = value;
      for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80);
      return [...bytes, rest];
    };
    const base = Buffer.alloc(1_000);
    const delta = Buffer.from([...size(1_000), ...size(2_000_000_000), 0x80 | 0x10, 100]);
    const oid = createHash('sha1').update(`blob ${base.length}\0`).update(base).digest();
    const data = Buffer.concat([oid, deflateSync(delta)]);
    const pack = packOf([
      { type: 3, size: base.length, data: deflateSync(base) },
      { type: 7, size: delta.length, data },
    ]);
    expect(() => scanPack(pack, limits)).toThrow(expect.objectContaining({ code: 'too-large' }));
  });

  test('a difference from itself, and one from what is not there', () => {
    const delta = deflateSync(Buffer.from([1, 1, 0x90, 1]));
    for (const base of [Buffer.alloc(20), createHash('sha1').update('x').digest()]) {
      const data = Buffer.concat([base, delta]);
      const pack = packOf([{ type: 7, size: 4, data }]);
      expect(() => scanPack(pack, limits)).toThrow(expect.objectContaining({ code: 'corrupt' }));
    }
  });

  test('what git packs is read as git reads it', () => {
    const work = makeRepository();
    for (let version = 0; version < 30; version++) {
      const text = Array.from({ length: 200 }, (_, line) => `${line} ${line % 30 === version}\n`);
      commitFiles(work, { 'a/long.md': text.join(''), [`f${version}`]: `${version}` });
    }
    for (const base of ['true', 'false']) {
      git(work, '-c', `repack.useDeltaBaseOffset=${base}`, 'repack', '-adfq');
      const folder = join(work, '.git/objects/pack');
      const name = readdirSync(folder).find((each) => each.endsWith('.pack')) ?? '';
      const scanned = scanPack(readFileSync(join(folder, name)), completeLimits());
      const listing = git(work, 'verify-pack', '-v', join(folder, name));
      const known = [...listing.matchAll(/^([0-9a-f]{40}) (?:\w+) +\d+ \d+ (\d+)/gm)];
      expect(new Map(scanned.map(({ oid, offset }) => [oid, offset]))).toEqual(
        new Map(known.map(([, oid, offset]) => [oid, Number(offset)])),
      );
    }
  });
});
