import { lstatSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { requireSuccess } from './git-failure.js';
import { runGit, type GitRunOptions } from './run-git.js';

/**
 * The first path of a work tree where a new file is to go and something lies that git does not track:
 * a file (ignored or not), a folder with such files, or a link or file where a folder is to be. Git
 * itself would overwrite what is ignored. Undefined where the way is free.
 */
export async function findInTheWay(
  worktree: string,
  old: string | null,
  next: string,
  options: GitRunOptions,
): Promise<string | undefined> {
  const added = await listAdded(old, next, options);
  const folders = new Map<string, 'free' | 'file'>();
  const look = (path: string): Stats | undefined => lstatOrNone(join(worktree, path));
  for (const path of added) {
    const blocked = findFileAmongParents(path, folders, look);
    if (blocked !== undefined) {
      if (!(await isTracked(blocked, options))) return blocked;
      continue;
    }
    const found = look(path);
    if (found === undefined) continue;
    if (!found.isDirectory()) return path;
    const others = await listFiles(['--others', '--', path], options);
    if (others[0] !== undefined) return others[0];
  }
  return undefined;
}

/** The paths that are in one commit and not in the other. */
async function listAdded(
  old: string | null,
  next: string,
  options: GitRunOptions,
): Promise<string[]> {
  const args =
    old === null
      ? ['ls-tree', '-r', '-z', '--name-only', '--full-tree', next]
      : ['diff-tree', '-r', '-z', '--name-only', '--no-renames', '--diff-filter=A', old, next];
  const { stdout } = requireSuccess(await runGit(args, options), 'comparing commits');
  return stdout.toString().split('\0').filter(Boolean);
}

/** The outermost parent that is there and no folder. */
function findFileAmongParents(
  path: string,
  known: Map<string, 'free' | 'file'>,
  look: (path: string) => Stats | undefined,
): string | undefined {
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
    const folder = path.slice(0, end);
    let state = known.get(folder);
    if (state === undefined) {
      const found = look(folder);
      state = found === undefined || found.isDirectory() ? 'free' : 'file';
      known.set(folder, state);
      if (found === undefined) return undefined;
    }
    if (state === 'file') return folder;
  }
  return undefined;
}

async function isTracked(path: string, options: GitRunOptions): Promise<boolean> {
  return (await listFiles(['--cached', '--', path], options)).includes(path);
}

async function listFiles(args: readonly string[], options: GitRunOptions): Promise<string[]> {
  const result = await runGit(['ls-files', '-z', '--full-name', ...args], options);
  return requireSuccess(result, 'looking through the work tree')
    .stdout.toString()
    .split('\0')
    .filter(Boolean);
}

function lstatOrNone(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR'].includes(code)) return undefined;
    throw error;
  }
}
