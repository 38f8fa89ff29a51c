import { lstat, readFile, rmdir } from 'node:fs/promises';
import { checkPath, decodeText } from '@holdfast/text';
import { runGit } from '../git/read-git.js';
import type { PlatformClient } from '../platform/platform-client.js';
import { PlatformError } from '../platform/platform-error.js';
import type { FileChange } from './file-change.js';
import type { ConnectionChange, PlannedFix } from './plan-fix.js';
import {
  createFile,
  makeFolders,
  moveWithoutOverwriting,
  replaceFile,
  WriteRefusedError,
} from './write-safely.js';

export interface ApplyFixOptions {
  /** The folder of the project. */
  readonly folder: string;
  /** Registers git connections; without it none is. */
  readonly client?: PlatformClient;
  /** What a person said yes to. Default: everything. */
  readonly accepts?: (change: FileChange | ConnectionChange) => boolean;
  /** The environment of the `git` program, which moves files that it tracks. Default: files are moved without it. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** What became of a plan. */
export interface FixOutcome {
  readonly written: readonly FileChange[];
  readonly registered: readonly ConnectionChange[];
  readonly skipped: readonly (FileChange | ConnectionChange)[];
  readonly failed: readonly {
    readonly change: FileChange | ConnectionChange;
    readonly reason: string;
    readonly hint?: string;
  }[];
}

/**
 * Does what a plan says. A file that came to be, or changed, since it was planned is left alone; each file is written
 * whole or not at all. A connection is put once, and never again.
 */
export async function applyFix(plan: PlannedFix, options: ApplyFixOptions): Promise<FixOutcome> {
  const { accepts = () => true, client } = options;
  const written: FileChange[] = [];
  const registered: ConnectionChange[] = [];
  const skipped: (FileChange | ConnectionChange)[] = [];
  const failed: FixOutcome['failed'][number][] = [];
  for (const change of plan.changes) {
    if (!accepts(change)) {
      skipped.push(change);
      continue;
    }
    const reason = await applyChange(change, options);
    if (reason === undefined) written.push(change);
    else failed.push({ change, reason });
  }
  for (const change of plan.connections) {
    if (!client || !accepts(change)) {
      skipped.push(change);
      continue;
    }
    try {
      await client.putGitConnection(change.subject.resource, change.subject.id, change.request);
      registered.push(change);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      failed.push({ change, reason: error.message, hint: error.hint });
    }
  }
  return { written, registered, skipped, failed };
}

/** The reason why a change was not made; undefined where it was. */
async function applyChange(
  change: FileChange,
  options: ApplyFixOptions,
): Promise<string | undefined> {
  const { folder } = options;
  try {
    checkPlace(change.path);
    switch (change.kind) {
      case 'create':
        await makeFolders(folder, change.path);
        await createFile(`${folder}/${change.path}`, change.after);
        break;
      case 'patch':
        await patchFile(`${folder}/${change.path}`, change);
        break;
      case 'move':
        await makeFolders(folder, change.path);
        await moveFile(change, options);
        break;
    }
    return undefined;
  } catch (error) {
    if (error instanceof WriteRefusedError) return error.message;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return message;
  }
}

/** Inside the project, or among the workflows of the repository around it. */
function checkPlace(path: string): void {
  const inside = path.replace(/^(?:\.\.\/)+(?=\.github\/workflows\/[^/]+$)/, '');
  const problem = checkPath(inside);
  if (problem) throw new WriteRefusedError(`its path ${problem.message}`);
}

async function patchFile(
  path: string,
  { before, after }: FileChange & { kind: 'patch' },
): Promise<void> {
  const status = await lstat(path);
  if (!status.isFile()) throw new WriteRefusedError('it is no regular file');
  if (decodeText(await readFile(path)) !== before)
    throw new WriteRefusedError('it changed while the plan was looked at');
  await replaceFile(path, after, status.mode & 0o777);
}

async function moveFile(
  { from, path }: FileChange & { kind: 'move' },
  { folder, environment }: ApplyFixOptions,
): Promise<void> {
  if (!(await lstat(`${folder}/${from}`)).isFile())
    throw new WriteRefusedError('it is no regular file');
  const isTracked =
    environment !== undefined &&
    (await runGit(
      folder,
      ['ls-files', '--error-unmatch', '--', `:(literal)${from}`],
      environment,
    )) !== undefined;
  if (isTracked) {
    await runGit(folder, ['mv', '--', from, path], environment);
    if (!(await isThere(`${folder}/${path}`)))
      throw new WriteRefusedError(`git mv ${from} ${path} failed`);
  } else {
    await moveWithoutOverwriting(`${folder}/${from}`, `${folder}/${path}`);
  }
  await removeEmptyFolders(folder, from);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** The folders of `datacontracts/` that nothing is left in. */
async function removeEmptyFolders(folder: string, path: string): Promise<void> {
  for (let parts = path.split('/').slice(0, -1); parts.length > 0; parts = parts.slice(0, -1)) {
    try {
      await rmdir(`${folder}/${parts.join('/')}`);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOENT') return;
      throw error;
    }
  }
}
