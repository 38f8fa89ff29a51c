import { closeSync, fstatSync, lstatSync, openSync, readFileSync, readlinkSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileMode } from '@holdfast/git';
import type { Finding } from '@holdfast/validation';
import fastGlob from 'fast-glob';
import { askGit, firstLine, GitError, readGit } from '@holdfast/git';
import type { AskOptions } from '@holdfast/git';
import { damagedName, unreadable } from './local-tree.js';
import type { LocalContent, LocalEntry, LocalTree } from './local-tree.js';

/** Larger files are not read. */
export const MAX_FILE_BYTES = 100 * 1024 * 1024;

/**
 * The root of the work tree that a folder lies in; undefined outside of one, and where git is not
 * installed.
 */
export async function findWorkTree(options: AskOptions): Promise<string | undefined> {
  const answer = await askGit(['rev-parse', '--show-toplevel'], options).catch((error: unknown) => {
    if (error instanceof GitError && error.code === 'git-missing') return undefined;
    throw error;
  });
  if (!answer) return undefined;
  if (answer.exitCode === 0) return realpath(answer.stdout.toString().replace(/\r?\n$/, ''));
  if (/not a git repository|must be run in a work tree/.test(answer.stderr)) return undefined;
  throw new GitError('git-failed', `git cannot use ${options.cwd}: ${firstLine(answer.stderr)}`);
}

/** Whether a folder is a bare repository, or lies in a `.git`: what is there is git's, and no work. */
export async function isGitFolder(options: AskOptions): Promise<boolean> {
  const answer = await askGit(['rev-parse', '--is-inside-git-dir'], options).catch(() => undefined);
  return answer?.exitCode === 0 && answer.stdout.toString().trim() === 'true';
}

/** What git lists in the index: the path, its mode and object, and whether it is kept off the disk. */
export interface IndexEntry extends LocalEntry {
  readonly oid: string;
  readonly skipped: boolean;
}

/** The paths that git knows, of the index; names that are not UTF-8 are findings. */
export async function readIndex(
  options: AskOptions,
): Promise<{ entries: Map<string, IndexEntry>; problems: Finding[] }> {
  const listing = await readGit(['ls-files', '-z', '--stage', '-t'], options);
  const { records, damaged } = splitRecords(listing);
  const entries = new Map<string, IndexEntry>();
  for (const record of records) {
    const match = /^(\S) (\d+) ([0-9a-f]+) (\d)\t(.+)$/s.exec(record);
    if (!match) continue;
    const [, tag, mode, oid = '', , path = ''] = match;
    entries.set(path, { path, mode: mode as FileMode, oid, skipped: tag === 'S' });
  }
  const names = damaged.map((record) => record.slice(record.indexOf('\t') + 1));
  return { entries, problems: names.map(damagedName) };
}

/** The texts between NULs; those that are not UTF-8, decoded with loss, apart from the others. */
export function splitRecords(output: Buffer): { records: string[]; damaged: string[] } {
  const records: string[] = [];
  const damaged: string[] = [];
  for (let start = 0; start < output.length;) {
    const end = output.indexOf(0, start);
    const bytes = output.subarray(start, end < 0 ? output.length : end);
    const text = bytes.toString('utf8');
    (Buffer.from(text).equals(bytes) ? records : damaged).push(text);
    start += bytes.length + 1;
  }
  return { records, damaged };
}

/**
 * The work tree as git would commit it: the files of the index that lie on the disk (or that a sparse
 * checkout keeps off it), and new ones that are not ignored.
 */
export async function readWorkTree(options: AskOptions): Promise<LocalTree> {
  const root = options.cwd;
  const index = await readIndex(options);
  const untracked = splitRecords(
    await readGit(['ls-files', '-z', '--others', '--exclude-standard'], options),
  );
  const entries = new Map<string, LocalEntry>();
  for (const entry of index.entries.values()) {
    const found = entry.mode === '160000' ? entry : lookUp(root, entry.path);
    if (found) entries.set(entry.path, found);
    else if (entry.skipped) entries.set(entry.path, entry);
  }
  for (const path of untracked.records) {
    const found = lookUp(root, path);
    if (found) entries.set(path, found);
  }
  return {
    root,
    name: 'work tree',
    entries,
    problems: [...index.problems, ...untracked.damaged.map(damagedName)],
    read: async (entry) =>
      entry.oid === undefined ? readFromDisk(root, entry) : readObject(entry, options),
  };
}

/** A folder without git: every file below it, but `.git` and `node_modules`. */
export async function readFolder(root: string): Promise<LocalTree> {
  const found = await fastGlob('**', {
    cwd: root,
    dot: true,
    onlyFiles: false,
    followSymbolicLinks: false,
    stats: true,
    ignore: ['**/.git/**', '**/node_modules/**'],
  });
  const entries = new Map<string, LocalEntry>();
  for (const { path, stats } of found) {
    const mode = stats && modeOf(stats);
    if (mode) entries.set(path, { path, mode });
  }
  return {
    root,
    name: 'folder',
    entries,
    problems: [],
    read: async (entry) => readFromDisk(root, entry),
  };
}

/** What lies at a path of the disk; undefined for nothing, a folder, a device. */
export function lookUp(root: string, path: string): LocalEntry | undefined {
  const stats = lstatSync(join(root, path), { throwIfNoEntry: false });
  const mode = stats && modeOf(stats);
  return mode && { path, mode };
}

function modeOf(stats: Pick<Stats, 'isFile' | 'isSymbolicLink' | 'mode'>): FileMode | undefined {
  if (stats.isSymbolicLink()) return '120000';
  if (!stats.isFile()) return undefined;
  return stats.mode & 0o100 ? '100755' : '100644';
}

/** Synchronous: for thousands of small files that is three times as fast. */
export function readFromDisk(root: string, { path, mode }: LocalEntry): LocalContent {
  const location = join(root, path);
  try {
    if (mode === '120000') return { kind: 'read', content: Buffer.from(readlinkSync(location)) };
    const file = openSync(location, 'r');
    try {
      const { size } = fstatSync(file);
      return size > MAX_FILE_BYTES
        ? tooLarge(path, size)
        : { kind: 'read', content: readFileSync(file) };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return unreadable(path, 'unreadable', `it cannot be read (${code}); it was not checked`);
  }
}

/** A file that a sparse checkout keeps off the disk: there are few that anyone asks for. */
async function readObject(
  { path, oid = '' }: LocalEntry,
  options: AskOptions,
): Promise<LocalContent> {
  const { exitCode, stdout, stderr } = await askGit(['cat-file', 'blob', oid], options);
  if (exitCode === 0) return { kind: 'read', content: stdout };
  return unreadable(
    path,
    'unreadable',
    `it cannot be read (${firstLine(stderr)}); it was not checked`,
  );
}

export function tooLarge(path: string, size?: number): LocalContent {
  const limit = `${MAX_FILE_BYTES / 2 ** 20} MiB`;
  const words = size === undefined ? 'it has' : `it has ${size} bytes,`;
  return unreadable(path, 'too-large', `${words} more than ${limit}; it was not checked`);
}
