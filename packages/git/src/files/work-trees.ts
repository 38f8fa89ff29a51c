import { dirname, join } from 'node:path';
import { readdirOrNone } from './find-repository.js';
import { readText } from './read-file.js';

/** A work tree, and the branch that is checked out in it. */
export interface WorkTree {
  readonly path: string;
  /** Its own git directory. */
  readonly directory: string;
  /** A full ref name; undefined where a commit is checked out. */
  readonly branch?: string;
}

/**
 * The work trees of a repository. The main one is where its git directory lies, whatever
 * `core.worktree` says; a linked one counts where its git file names this repository, so that none can
 * be claimed from afar.
 */
export function listWorkTrees(common: string, bare: boolean): WorkTree[] {
  const main = bare ? [] : [describe(dirname(common), common)];
  const linked = readdirOrNone(join(common, 'worktrees')).flatMap((name) => {
    const directory = join(common, 'worktrees', name);
    const dotGit = readText(join(directory, 'gitdir'))?.trim();
    if (dotGit === undefined) return [];
    const claims = /^gitdir: (.+)$/m.exec(readText(dotGit) ?? '')?.[1];
    return claims === directory ? [describe(dirname(dotGit), directory)] : [];
  });
  return [...main, ...linked];
}

function describe(path: string, directory: string): WorkTree {
  const branch = /^ref: (.+)$/m.exec(readText(join(directory, 'HEAD')) ?? '')?.[1];
  return { path, directory, ...(branch === undefined ? {} : { branch }) };
}
