import type { Repository } from '@holdfast/git';
import type { LocalContent, LocalEntry, LocalTree } from './local-tree.js';
import { damagedName, unreadable } from './local-tree.js';
import { readIndex, tooLarge } from './work-tree.js';
import type { AskOptions } from '@holdfast/git';

/** The index: what a commit would hold. */
export async function readIndexTree(
  repository: Repository,
  options: AskOptions,
): Promise<LocalTree> {
  const { entries, problems } = await readIndex(options);
  return {
    root: options.cwd,
    name: 'index',
    entries,
    problems,
    read: (entry) => readBlob(repository, entry),
  };
}

/** A commit. */
export async function readCommitTree(
  repository: Repository,
  root: string,
  commit: string,
): Promise<LocalTree> {
  const { entries, unreadable: names } = await repository.readSnapshot(commit);
  return {
    root,
    name: commit.slice(0, 12),
    entries,
    problems: names.map(damagedName),
    read: (entry) => readBlob(repository, entry),
  };
}

async function readBlob(
  repository: Repository,
  { path, oid = '' }: LocalEntry,
): Promise<LocalContent> {
  try {
    return { kind: 'read', content: await repository.readBlob(oid) };
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === 'too-large') return tooLarge(path);
    if (code !== 'missing-object') throw error;
    return unreadable(path, 'unreadable', `its object ${oid} is missing; it was not checked`);
  }
}
