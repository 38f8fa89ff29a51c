import { readdirSync, realpathSync, statSync, type Stats } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { geteuid } from 'node:process';
import { GitError } from '../git-error.js';
import { notARepository, sha256Repository } from '../location-errors.js';
import { describeSystemError } from '../system-error.js';
import { readGitConfig } from './git-config.js';
import { readText } from './read-file.js';

/** A repository on this machine, found. */
export interface FoundRepository {
  /** The work tree's git directory, or the repository's. */
  readonly directory: string;
  /** The directory that holds objects and refs. */
  readonly common: string;
  readonly bare: boolean;
  readonly worktree?: string;
  /** How it keeps its refs, where not as files. */
  readonly refStorage?: string;
  /** Whether this user owns all that git asks to be owned. */
  readonly owned: boolean;
}

/**
 * Finds the repository whose root (or git directory) is at `path`; never one further up, so that a
 * wrong path does not lead into the repository around it. Reads a few small files and runs nothing.
 * What the configuration says of a work tree elsewhere (`core.worktree`) is not followed.
 */
export function findRepository(path: string): FoundRepository {
  const root = openFolder(path);
  const dotGit = join(root, '.git');
  const link = /^gitdir: (.+)$/m.exec(readText(dotGit) ?? '')?.[1];
  const inside = link === undefined ? dotGit : resolve(root, link);
  const worktree = isGitDirectory(inside) ? root : undefined;
  const directory = worktree === undefined ? root : realpathSync(inside);
  if (worktree === undefined && !isGitDirectory(root)) {
    throw notARepository(path, 'it has neither a .git nor objects and refs of its own');
  }
  const common = findCommonDirectory(directory);
  const config = readGitConfig(join(common, 'config'));
  if (config.get('extensions.objectformat')?.toLowerCase() === 'sha256') {
    throw sha256Repository(path);
  }
  const storage = config.get('extensions.refstorage')?.toLowerCase();
  const version = Number(config.get('core.repositoryformatversion') ?? 0);
  if (version > 1) throw notARepository(path, `its format ${version} is not known`);
  const refStorage = storage ?? (isFolder(join(common, 'reftable')) ? 'reftable' : undefined);
  return {
    directory,
    common,
    bare: worktree === undefined && (config.getBoolean('core.bare') ?? basename(common) !== '.git'),
    owned: [root, directory, ...(link === undefined ? [] : [dotGit])].every(isOwn),
    ...(worktree === undefined ? {} : { worktree }),
    ...(refStorage === undefined || refStorage === 'files' ? {} : { refStorage }),
  };
}

/** Where objects and shared refs are: of a linked work tree, the main repository's directory. */
export function findCommonDirectory(directory: string): string {
  const common = readText(join(directory, 'commondir'));
  return common === undefined ? directory : realpathSync(resolve(directory, common.trim()));
}

/** Whether objects that are missing are to be fetched from elsewhere when they are asked for. */
export function isPartialClone(common: string): boolean {
  return readdirOrNone(join(common, 'objects', 'pack')).some((name) => name.endsWith('.promisor'));
}

/** Whether there is a folder; also through a link. */
export function isFolder(path: string): boolean {
  return statOrNone(path)?.isDirectory() === true;
}

/** The names in a folder; none where there is no such folder. */
export function readdirOrNone(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

function openFolder(path: string): string {
  try {
    const root = realpathSync(path);
    if (!statSync(root).isDirectory()) throw notARepository(path, 'it is a file');
    readdirSync(root);
    return root;
  } catch (error) {
    if (error instanceof GitError) throw error;
    const named = describeSystemError(error, `opening ${path}`);
    throw named ?? notARepository(path, 'there is no such folder', error);
  }
}

function isGitDirectory(path: string): boolean {
  if (readText(join(path, 'HEAD')) === undefined) return false;
  const common = findCommonDirectory(path);
  return isFolder(join(common, 'objects')) && isFolder(join(common, 'refs'));
}

/** Windows has no numbers for owners: there, git is asked. */
function isOwn(path: string): boolean {
  const user = geteuid?.();
  return user !== undefined && statOrNone(path)?.uid === user;
}

function statOrNone(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}
