import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { GitError } from './git-error.js';

/** A lock whose holder has not been heard of for so long is taken over. */
const STALE_MS = 20_000;

/** How long a process waits for another one's fetch before it gives up. */
const LOCK_TRIES = { retries: 240, factor: 1.2, minTimeout: 25, maxTimeout: 2_000 };

/** A bare repository in the cache that mirrors a remote one. */
export interface Mirror {
  readonly directory: string;
  /** Does the work while no other process does any on this mirror's refs. */
  locked<T>(work: () => Promise<T>): Promise<T>;
  exists(): Promise<boolean>;
  /** Makes the empty repository where there is none; takes away what killed processes left. */
  prepare(): Promise<void>;
  countPacks(): Promise<number>;
  /** Deletes the mirror; `prepare` makes a new one. */
  discard(): Promise<void>;
}

/** The mirror of a URL (normalised, without credentials) under the cache directory. */
export function createMirror(cacheDirectory: string, url: string): Mirror {
  const directory = join(cacheDirectory, mirrorName(url));
  return {
    directory,
    async locked(work) {
      await mkdir(cacheDirectory, { recursive: true });
      const release = await acquire(directory, url);
      try {
        return await work();
      } finally {
        await release();
      }
    },
    exists: () => isDirectory(join(directory, 'objects')),
    async prepare() {
      await initialise(directory, url);
      await removeStaleLocks(directory);
    },
    async countPacks() {
      const names = await readdir(join(directory, 'objects', 'pack'));
      return names.filter((name) => name.endsWith('.pack')).length;
    },
    discard: () => rm(directory, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Readable, and unique by hash: `github.com-org-repo-0123456789abcdef.git`. */
function mirrorName(url: string): string {
  const readable = url
    .replace(/^[a-z+]+:\/\//, '')
    .replace(/\.git$/, '')
    .replace(/[^A-Za-z0-9.]+/g, '-')
    .replace(/^[-.]+/, '')
    .slice(-60);
  const digest = createHash('sha256').update(url).digest('hex').slice(0, 24);
  return `${readable}-${digest}.git`;
}

async function acquire(directory: string, url: string): Promise<() => Promise<void>> {
  try {
    return await lock(directory, {
      realpath: false,
      stale: STALE_MS,
      update: STALE_MS / 4,
      retries: LOCK_TRIES,
      // Another process took over a lock that this one did not refresh in time (a suspended
      // machine). Git locks each ref itself, so the worst is a fetch done twice.
      onCompromised: () => undefined,
    });
  } catch (cause) {
    throw new GitError('locked', `the mirror of ${url} is in use by another process`, {
      cause,
      data: { lock: `${directory}.lock` },
      hint: 'wait for the other process and try again',
    });
  }
}

async function initialise(directory: string, url: string): Promise<void> {
  if (await isDirectory(join(directory, 'refs'))) return;
  await mkdir(join(directory, 'objects', 'pack'), { recursive: true });
  await writeFile(join(directory, 'HEAD'), 'ref: refs/heads/main\n');
  await writeFile(
    join(directory, 'config'),
    '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n',
  );
  await writeFile(join(directory, 'description'), `${url}\n`);
  await mkdir(join(directory, 'refs', 'heads'), { recursive: true }); // last: it marks the end
}

/** Whoever holds the mirror's lock is the only one to write refs: locks of refs are left-overs. */
async function removeStaleLocks(directory: string): Promise<void> {
  const top = await readdir(directory);
  const inRefs = await readdir(join(directory, 'refs'), { recursive: true });
  const names = [...top, ...inRefs.map((name) => join('refs', name))];
  for (const name of names.filter((path) => path.endsWith('.lock'))) {
    await rm(join(directory, name), { force: true });
  }
}

async function isDirectory(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  return found?.isDirectory() === true;
}
