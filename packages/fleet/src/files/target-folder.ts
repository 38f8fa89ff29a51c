import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TargetFolder, TreeChange } from '@holdfast/sync';
import { FleetError } from '../fleet-error.js';

/** More is not read into memory. */
const MAX_BYTES = 64 * 1024 * 1024;

/** A work tree that holds the state of a sync. */
export interface TargetTree {
  readonly root: string;
  /** Of each source that delivers to it, sorted; at least one. */
  readonly namespaces: readonly [string, ...string[]];
}

/**
 * The work tree of a target around a folder: the nearest one upward that holds the state of a sync.
 * Undefined where there is none.
 */
export async function findTargetTree(cwd: string): Promise<TargetTree | undefined> {
  for (let root = cwd; ; root = dirname(root)) {
    const names: string[] = await readdir(root).catch(() => []);
    if (names.includes('.git')) {
      const states = names.flatMap((name) => /^\.(.+)-sync-state$/.exec(name)?.[1] ?? []);
      const [first, ...others] = states.sort();
      return first === undefined ? undefined : { root, namespaces: [first, ...others] };
    }
    if (root === dirname(root)) return undefined;
  }
}

/** The files of a work tree. Symbolic links are not followed. */
export function folderOf(root: string): TargetFolder {
  return {
    async list(folder) {
      const found: string[] = [];
      const visit = async (path: string) => {
        const entries = await readdir(join(root, path), { withFileTypes: true }).catch(() => []);
        for (const entry of entries) {
          const below = `${path}${entry.name}`;
          if (entry.isDirectory()) await visit(`${below}/`);
          else if (entry.isFile()) found.push(below);
        }
      };
      await visit(folder);
      return found.sort();
    },
    async read(path) {
      await refuseLinks(root, path);
      const stats = await lstat(join(root, path)).catch(() => undefined);
      if (!stats?.isFile()) return undefined;
      if (stats.size > MAX_BYTES) {
        throw new FleetError('too-much', `${path} has ${stats.size} bytes, more than ${MAX_BYTES}`);
      }
      return readFile(join(root, path));
    },
  };
}

/** Writes changes into a work tree, each file whole or not at all. */
export async function writeChanges(root: string, changes: readonly TreeChange[]): Promise<void> {
  for (const change of changes) {
    await refuseLinks(root, change.path);
    const path = join(root, change.path);
    if ('remove' in change) await rm(path, { force: true });
    else if ('content' in change) {
      await mkdir(dirname(path), { recursive: true });
      // A name that nobody can know, and that must not be there: a planted link is not written through.
      const fresh = `${path}.${randomUUID()}`;
      const mode = change.mode === '100755' ? 0o755 : 0o644;
      try {
        await writeFile(fresh, change.content, { mode, flag: 'wx', flush: true });
        await rename(fresh, path);
      } catch (error) {
        await rm(fresh, { force: true });
        throw error;
      }
    }
  }
}

/** A path through a symbolic link may lead out of the work tree. */
async function refuseLinks(root: string, path: string): Promise<void> {
  const parts = path.split('/');
  for (let count = 1; count <= parts.length; count++) {
    const part = parts.slice(0, count).join('/');
    const stats = await lstat(join(root, part)).catch(() => undefined);
    if (!stats) return;
    if (stats.isSymbolicLink() || part.split('/').includes('..')) {
      throw new FleetError('bad-argument', `${path} runs through the symbolic link ${part}`, {
        hint: 'name a file that lies in the work tree itself',
      });
    }
  }
}
