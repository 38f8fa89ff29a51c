import fs from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { getConfig } from 'isomorphic-git';
import type { FoundRepository } from '../backend.js';
import { notARepository, sha256Repository } from '../location-errors.js';
import { unsupported } from './unsupported.js';

/**
 * Finds the repository whose root (or git directory) is at `path`, and refuses what isomorphic-git
 * would read wrongly. Nothing in the repository is executed, so its owner does not matter.
 */
export async function findRepository(path: string): Promise<FoundRepository> {
  const root = await realpath(path).catch((cause: unknown) => {
    throw notARepository(path, 'there is no such folder', cause);
  });
  const dotGit = join(root, '.git');
  const link = /^gitdir: (.+)$/m.exec((await readText(dotGit)) ?? '')?.[1];
  const inside = link === undefined ? dotGit : resolve(root, link);
  const worktree = (await isGitDirectory(inside)) ? root : undefined;
  const directory = worktree === undefined ? root : inside;
  if (worktree === undefined && !(await isGitDirectory(root))) {
    throw notARepository(path, 'it has neither a .git nor objects and refs of its own');
  }
  const common = await findCommonDirectory(directory);
  await checkFormat(path, common);
  const bare = worktree === undefined && (await readConfig(common, 'core.bare')) === true;
  return { directory, bare, ...(worktree === undefined ? {} : { worktree }) };
}

/** Where objects and shared refs are: of a linked work tree, the main repository's directory. */
export async function findCommonDirectory(directory: string): Promise<string> {
  const common = await readText(join(directory, 'commondir'));
  return common === undefined ? directory : resolve(directory, common.trim());
}

/** A file's text; undefined when there is no such file. */
export async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(error.code ?? '')) return undefined;
    throw error;
  });
}

async function isGitDirectory(path: string): Promise<boolean> {
  if ((await readText(join(path, 'HEAD'))) === undefined) return false;
  const common = await findCommonDirectory(path);
  return (await isFolder(join(common, 'objects'))) && (await isFolder(join(common, 'refs')));
}

async function checkFormat(path: string, common: string): Promise<void> {
  if ((await readConfig(common, 'extensions.objectformat')) === 'sha256') {
    throw sha256Repository(path);
  }
  const storage = await readConfig(common, 'extensions.refstorage');
  if (storage !== undefined && storage !== 'files') {
    throw unsupported(`${path} keeps its refs as ${String(storage)}`);
  }
  const version = Number((await readConfig(common, 'core.repositoryformatversion')) ?? 0);
  if (version > 1) throw unsupported(`${path} has repository format ${version}`);
  const packs = await readdir(join(common, 'objects', 'pack')).catch(
    (error: NodeJS.ErrnoException): string[] => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  if (packs.some((name) => name.endsWith('.promisor'))) {
    throw unsupported(`${path} is a partial clone, whose objects are elsewhere`);
  }
  const alternates = await readText(join(common, 'objects', 'info', 'alternates'));
  if (alternates !== undefined && alternates.trim() !== '') {
    throw unsupported(`${path} borrows objects from ${alternates.trim().split('\n')[0]}`);
  }
}

async function readConfig(common: string, key: string): Promise<unknown> {
  return getConfig({ fs, dir: dirname(common), gitdir: common, path: key });
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  return found?.isDirectory() === true;
}
