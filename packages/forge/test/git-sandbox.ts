import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openRepository, type Repository } from '@holdfast/git';
import { afterEach } from 'vitest';

import { actor } from './actor.js';
import {
  createEmbeddedForge,
  type EmbeddedForgeOptions,
  type Forge,
  type MergeOptions,
  type MergeOutcome,
} from '../src/index.js';

/** The files of a commit: path → text, `null` removes. */
export type Files = Record<string, string | null>;

/** A bare repository in a temporary directory, with what tests do to it. */
export interface Sandbox {
  readonly directory: string;
  readonly repository: Repository;
  /** The embedded forge on it; its clock stands still unless a test hands in another. */
  forge(options?: Partial<EmbeddedForgeOptions>): Forge;
  /** Runs git there; its output without the last newline. */
  git(...args: string[]): string;
  /** Commits files on top of a branch, or of another revision as a new branch. */
  commit(branch: string, files: Files, from?: string): Promise<string>;
  /** The whole content of a revision: path → text. */
  read(revision: string): Record<string, string>;
}

export { actor };

const identity = {
  GIT_AUTHOR_NAME: actor.name,
  GIT_AUTHOR_EMAIL: actor.email,
  GIT_COMMITTER_NAME: actor.name,
  GIT_COMMITTER_EMAIL: actor.email,
};

/** Always the same second. */
export const stillClock = (): Date => new Date('2026-01-30T12:00:00Z');

const cleanups: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A temporary directory that goes away after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-forge-'));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Opens a repository that is closed after the test. */
export async function openForTest(directory: string): Promise<Repository> {
  const repository = await openRepository(directory, { environment: process.env });
  cleanups.push(() => repository.close());
  return repository;
}

/** A bare repository whose branch `main` holds the files. */
export async function createSandbox(files: Files = { 'README.md': 'hello\n' }): Promise<Sandbox> {
  const directory = join(temporaryDirectory(), 'target.git');
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', directory]);
  const sandbox = await openSandbox(directory);
  if (Object.keys(files).length > 0) await sandbox.commit('main', files);
  return sandbox;
}

/** A copy of a sandbox as it is now. */
export function copySandbox(sandbox: Sandbox): Promise<Sandbox> {
  const directory = join(temporaryDirectory(), 'target.git');
  cpSync(sandbox.directory, directory, { recursive: true });
  return openSandbox(directory);
}

async function openSandbox(directory: string): Promise<Sandbox> {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', directory, '-c', 'gc.auto=0', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...identity },
    }).replace(/\n$/, '');
  const repository = await openForTest(directory);
  return {
    directory,
    repository,
    git,
    forge: (options) => createEmbeddedForge({ repository, clock: stillClock, actor, ...options }),
    commit: (branch, changes, from) => commit(repository, { branch, changes, from }),
    read(revision) {
      const paths = git('ls-tree', '-r', '-z', '--name-only', revision).split('\0').filter(Boolean);
      return Object.fromEntries(
        paths.map((path) => [path, git('cat-file', 'blob', `${revision}:${path}`)]),
      );
    },
  };
}

async function commit(
  repository: Repository,
  { branch, changes, from }: { branch: string; changes: Files; from?: string | undefined },
): Promise<string> {
  const ref = `refs/heads/${branch}`;
  const old = (await repository.resolveCommit(ref))?.oid;
  const parent = from ?? old;
  const person = { ...actor, timestamp: 1_769_000_000 };
  const written = await repository.writeCommit({
    ...(parent === undefined ? {} : { parent }),
    changes: Object.entries(changes).map(([path, text]) =>
      text === null
        ? { path, remove: true as const }
        : { path, mode: '100644' as const, content: Buffer.from(text) },
    ),
    message: `Change ${Object.keys(changes).join(', ')}`,
    author: person,
    committer: person,
  });
  await repository.updateRefs([{ ref, old: old ?? null, new: written.commit }]);
  return written.commit;
}

/** A request to open, on a branch `topic` that was just committed. */
export function newRequest(headCommit: string, overrides: object = {}) {
  return {
    title: 'Update the guide',
    body: 'A longer text.\n',
    labels: ['sync'],
    reviewers: ['ada'],
    head: 'topic',
    base: 'main',
    headCommit,
    ...overrides,
  };
}

/** Merges a request at the head that it has now. */
export async function mergeAtHead(
  forge: Forge,
  id: string,
  options: Omit<MergeOptions, 'expectedHead'> & Partial<MergeOptions>,
): Promise<MergeOutcome> {
  const request = await forge.get(id);
  return forge.merge(id, { expectedHead: request?.headCommit ?? '0'.repeat(40), ...options });
}
