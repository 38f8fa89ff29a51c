import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { FleetSurroundings } from '../src/index.js';

const execute = promisify(execFile);

/** A temporary folder with git repositories in it. */
export interface Sandbox extends AsyncDisposable {
  readonly folder: string;
  path(...parts: string[]): string;
  /** Writes files below the folder. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  git(cwd: string, ...args: string[]): Promise<string>;
  /** Makes a repository with one commit on `main`; bare when its name ends in `.git`. */
  repository(name: string, files?: Readonly<Record<string, string>>): Promise<void>;
  /** What a function meets that runs in a folder of the sandbox. */
  surroundings(...parts: string[]): FleetSurroundings;
}

export async function createSandbox(): Promise<Sandbox> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-fleet-')));
  const path = (...parts: string[]) => join(folder, ...parts);
  const environment = {
    PATH: process.env['PATH'],
    HOME: folder,
    GIT_CONFIG_GLOBAL: '/dev/null',
    HOLDFAST_STATE_DIR: path('state'),
    HOLDFAST_CACHE_DIR: path('cache'),
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.com',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@example.com',
  };

  async function git(cwd: string, ...args: string[]): Promise<string> {
    const { stdout } = await execute('git', ['-c', 'gc.auto=0', ...args], {
      cwd,
      env: environment,
    });
    return stdout.trimEnd();
  }

  async function write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(path(name)), { recursive: true });
      await writeFile(path(name), text);
    }
  }

  async function commit(name: string, files: Readonly<Record<string, string>>): Promise<void> {
    const below = Object.entries(files).map(([file, text]) => [join(name, file), text] as const);
    await git(folder, 'init', '--quiet', '--initial-branch=main', name);
    await write(Object.fromEntries(below));
    await git(path(name), 'add', '--all');
    await git(path(name), 'commit', '--quiet', '--message', 'Begin');
  }

  return {
    folder,
    path,
    git,
    write,
    async repository(name, files = { 'README.md': `# ${name}\n` }) {
      if (!name.endsWith('.git')) return commit(name, files);
      const clone = name.replace(/\.git$/, '-first');
      await commit(clone, files);
      await git(folder, 'clone', '--quiet', '--bare', clone, name);
      await git(path(name), 'remote', 'remove', 'origin');
      await rm(path(clone), { recursive: true });
    },
    surroundings: (...parts) => ({
      cwd: path(...parts),
      environment,
      clock: () => new Date('2026-02-02T10:00:00Z'),
      signal: new AbortController().signal,
    }),
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

export const configuration = `version: 1
namespace: acme
source: { name: acme/standards, repo: . }
rules: ["rules/*.yaml"]
targets:
  org/api: { url: ../api.git }
`;

/** A rule that delivers `docs/` to a target. */
export function rule(id: string, target: string): string {
  return `sync_rule:
  id: ${id}
  source: "docs/**"
  target_repo: ${target}
  target_path: "standards/"
  strategy: copy
  frequency: on_release
`;
}
