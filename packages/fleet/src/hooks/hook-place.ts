import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { readGit } from '@holdfast/git';
import type { AskOptions } from '@holdfast/git';
import { findWorkTree } from '../files/work-tree.js';
import { FleetError } from '../fleet-error.js';
import { HOOK } from './hook-text.js';

/** Where a hook goes, and how. */
export interface HookPlace {
  /** The absolute path of the hook. */
  readonly path: string;
  /** The same, as people read it: relative to the work tree where it lies in it. */
  readonly shown: string;
  /**
   * `file`: a file of its own, which runs the one that was there. `block`: part of a script that a
   * hook manager such as husky runs.
   */
  readonly style: 'file' | 'block';
  /** `elsewhere`: a folder that other repositories may share. */
  readonly owner: 'repository' | 'work-tree' | 'elsewhere';
}

/**
 * Where git looks for the hook of the work tree around a folder: by core.hooksPath, or in the shared git
 * folder.
 *
 * @throws FleetError `not-in-repository`
 */
export async function findHookPlace(surroundings: AskOptions): Promise<HookPlace> {
  const root = await findRoot(surroundings);
  const options = { ...surroundings, cwd: root };
  const [common, configured] = (
    await readGit(
      ['rev-parse', '--path-format=absolute', '--git-common-dir', '--git-path', 'hooks'],
      options,
    )
  )
    .toString()
    .split(/\r?\n/);
  const folder = await realFolder(resolve(root, configured ?? ''));
  const husky = await isHusky(folder);
  const path = join(husky && basename(folder) === '_' ? dirname(folder) : folder, HOOK);
  return {
    path,
    shown: isWithin(root, path) ? relative(root, path).split(sep).join('/') : path,
    style: husky ? 'block' : 'file',
    owner: isWithin(await realFolder(common ?? ''), path)
      ? 'repository'
      : isWithin(root, path)
        ? 'work-tree'
        : 'elsewhere',
  };
}

/** The root of the work tree around a folder. */
export async function findRoot({ cwd: folder, ...git }: AskOptions): Promise<string> {
  const cwd = await realpath(folder);
  const root = await findWorkTree({ ...git, cwd });
  if (root !== undefined) return root;
  throw new FleetError('not-in-repository', `${cwd} is in no work tree of git`, {
    hint: 'run it in the repository that is to have the hook',
  });
}

/**
 * Husky 9 points core.hooksPath at `.husky/_`, which it writes anew at every install and which runs
 * the script of the same name beside it; husky 5 to 8 keep their own part in `.husky/_`.
 */
async function isHusky(folder: string): Promise<boolean> {
  if (basename(folder) === '_') return (await exists(join(folder, 'h'))) || isHusky8(folder);
  return isHusky8(join(folder, '_'));
}

async function isHusky8(folder: string): Promise<boolean> {
  return exists(join(folder, 'husky.sh'));
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** The folder itself behind links; as it is named while it does not exist. */
async function realFolder(path: string): Promise<string> {
  return realpath(path).catch(async () =>
    dirname(path) === path ? path : join(await realFolder(dirname(path)), basename(path)),
  );
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}
