/**
 * Ratios of both engines against isomorphic-git and spawned git, on 20,000 files and 300 commits.
 * Run after a build: `node packages/git/bench/index.ts`.
 */
import { execFileSync } from 'node:child_process';
import fs, { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as isomorphic from 'isomorphic-git';
import { openRepository, type Repository } from '@holdfast/git';

const FILES = 20_000;
const COMMITS = 300;
const ada = { name: 'Ada', email: 'ada@example.com', timestamp: 1_700_000_000 };
const root = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
const bare = join(root, 'repo.git');
const remote = join(root, 'remote.git');

function git(...args: string[]): string {
  return execFileSync('git', ['-C', bare, ...args], { maxBuffer: 1 << 28 })
    .toString()
    .trim();
}

function makeRepository(): void {
  const path = (index: number): string =>
    `d${index % 20}/s${Math.floor(index / 20) % 50}/file-${index}.md`;
  const text = (index: number, version: number): string =>
    `# File ${index}\n\n${`Line of version ${version}.\n`.repeat(40 + (index % 60))}`;
  const change = (index: number, version: number): string => {
    const content = text(index, version);
    return `M 100644 inline ${path(index)}\ndata ${content.length}\n${content}\n`;
  };
  const commits = Array.from({ length: COMMITS }, (_, version) => {
    const count = version === 0 ? FILES : 10;
    const changes = Array.from({ length: count }, (_, n) =>
      change((n + version * 7) % FILES, version),
    );
    const head = `commit refs/heads/main\ncommitter A <a@b> ${1_600_000_000 + version * 60} +0000\n`;
    return `${head}data 1\nx\n${changes.join('')}`;
  });
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', bare]);
  execFileSync('git', ['-C', bare, 'fast-import', '--quiet'], { input: commits.join('') });
  git('repack', '-adq');
  execFileSync('git', ['clone', '-q', '--bare', bare, remote]);
}

/** The median of a few runs, in milliseconds. */
async function measure(work: () => unknown, runs: number): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}

let stamp = 0;
async function commit(repository: Repository, paths: readonly string[]): Promise<string> {
  const content = Buffer.from(`new content ${stamp++}\n`);
  const changes = paths.map((path, index) => ({
    path,
    mode: '100644' as const,
    content: Buffer.concat([content, Buffer.from(`${index}`)]),
  }));
  const written = await repository.writeCommit({
    parent: 'main',
    changes,
    message: 'bench',
    author: ada,
    committer: ada,
  });
  return written.commit;
}

async function pushCommit(repository: Repository, paths: readonly string[]): Promise<void> {
  const oid = await commit(repository, paths);
  await repository.updateRefs([{ ref: `refs/heads/bench-${oid}`, old: null, new: oid }]);
}

async function run(): Promise<void> {
  makeRepository();
  const environment = process.env;
  const program = await openRepository(bare, { engine: 'program', environment });
  const embedded = await openRepository(bare, { engine: 'embedded', environment });
  const mirror = await openRepository(`file://${remote}`, {
    engine: 'program',
    environment,
    cacheDirectory: join(root, 'cache'),
  });
  const { entries } = await program.readSnapshot('main');
  const paths = [...entries.keys()];
  const oids = [...entries.values()].map(({ oid }) => oid);
  const changed = paths.filter((_path, index) => index % 200 === 0);
  const cache = {};
  const peer = { fs, gitdir: bare, cache };
  const walk = (repository: Repository) => () => repository.log({ to: 'main' });

  const rows: [string, string, () => unknown, () => unknown, () => unknown, number][] = [
    [
      'list 20,000 files',
      'ls-tree',
      () => program.readSnapshot('main'),
      () => embedded.readSnapshot('main'),
      () => git('ls-tree', '-r', '-z', 'main'),
      5,
    ],
    [
      'read 1,000 blobs',
      'isomorphic-git',
      () => drain(program.readBlobs(oids.slice(0, 1000))),
      () => drain(embedded.readBlobs(oids.slice(0, 1000))),
      () => Promise.all(oids.slice(0, 1000).map((oid) => isomorphic.readBlob({ ...peer, oid }))),
      3,
    ],
    [
      'read 20,000 blobs',
      'cat-file --batch',
      () => drain(program.readBlobs(oids)),
      () => drain(embedded.readBlobs(oids)),
      () =>
        execFileSync('git', ['-C', bare, 'cat-file', '--batch', '--buffer'], {
          input: oids.join('\n'),
          maxBuffer: 1 << 30,
        }),
      1,
    ],
    [
      'commit 100 of 20,000 paths',
      'isomorphic-git (index)',
      () => commit(program, changed),
      () => commit(embedded, changed),
      () => undefined,
      5,
    ],
    [
      'log of 300 commits',
      'isomorphic-git',
      walk(program),
      walk(embedded),
      () => isomorphic.log({ ...peer, ref: 'main' }),
      3,
    ],
    [
      'drift by ids (diffTrees)',
      'git diff-tree',
      () => program.diffTrees('main~100', 'main'),
      () => embedded.diffTrees('main~100', 'main'),
      () => git('diff-tree', '-r', 'main~100', 'main'),
      3,
    ],
    [
      'commit 100 paths and push',
      '-',
      () => pushCommit(mirror, changed),
      () => undefined,
      () => undefined,
      5,
    ],
  ];
  console.log('ms: program | embedded | peer (program / peer)');
  for (const [name, peerName, ours, theirs, other, runs] of rows) {
    const [a, b, c] = [
      await measure(ours, runs),
      await measure(theirs, runs),
      await measure(other, runs),
    ];
    const ratio = c > 0.1 ? (a / c).toFixed(2) : '-';
    console.log(
      `${name.padEnd(28)} ${a.toFixed(0).padStart(6)} ${b.toFixed(0).padStart(6)} ${c.toFixed(0).padStart(6)}  ${ratio} × ${peerName}`,
    );
  }
  await Promise.all([program.close(), embedded.close(), mirror.close()]);
}

try {
  await run();
} finally {
  rmSync(root, { recursive: true, force: true });
}
