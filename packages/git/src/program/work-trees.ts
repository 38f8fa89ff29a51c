import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { RefUpdate, UpdateRefsOutcome } from '../repository.js';
import { describeFailure, requireSuccess } from './git-failure.js';
import { runGit, type GitRunOptions } from './run-git.js';

/** An update of a ref that a work tree has checked out. */
interface CheckedOutUpdate extends RefUpdate {
  readonly worktree: string;
}

type WorkTreeOptions = GitRunOptions & { readonly directory: string; readonly bare: boolean };

/**
 * Brings work trees to where their branches are about to go, as `receive.denyCurrentBranch =
 * updateInstead` does, or says which one cannot follow. Runs while the refs are locked and before
 * they move. A kill in between leaves the new files staged over the old branch: nothing is lost,
 * and the same update finds the work tree in place and only moves the ref. The user's own checkout
 * filters apply to files in a work tree, never to objects.
 */
export async function updateWorkTrees(
  moves: readonly RefUpdate[],
  options: WorkTreeOptions,
): Promise<UpdateRefsOutcome | undefined> {
  const updates = await findCheckedOut(moves, options);
  const { directory: _directory, ...elsewhere } = options;
  const pending: CheckedOutUpdate[] = [];
  for (const update of updates) {
    const state = await inspectWorkTree(update, { ...elsewhere, cwd: update.worktree });
    if (state === 'dirty') return checkedOut(update);
    if (state === 'clean') pending.push(update);
  }
  for (const { ref, worktree, old, new: next } of pending) {
    const trees = [old, next].filter((tree) => tree !== null);
    const result = await runGit(['read-tree', '-u', '-m', ...trees], {
      ...elsewhere,
      cwd: worktree,
    });
    if (/would be overwritten|not uptodate/.test(result.stderr))
      return checkedOut({ ref, worktree });
    if (result.exitCode !== 0) throw describeFailure(result, `updating the work tree ${worktree}`);
  }
  return undefined;
}

/** The updates that concern a checked-out branch; prunable work trees do not count. */
async function findCheckedOut(
  updates: readonly RefUpdate[],
  options: WorkTreeOptions,
): Promise<CheckedOutUpdate[]> {
  if (options.bare && !(await exists(join(options.directory, 'worktrees')))) return [];
  const result = await runGit(['worktree', 'list', '--porcelain', '-z'], options);
  const listing = requireSuccess(result, 'listing work trees').stdout.toString();
  const checkedOut = listing.split('\0\0').flatMap((record) => {
    const lines = record.split('\0');
    const value = (key: string): string | undefined =>
      lines.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1);
    const worktree = value('worktree');
    const prunable = lines.some((line) => line.startsWith('prunable'));
    const isBare = lines.includes('bare');
    return worktree === undefined || prunable || isBare ? [] : [{ worktree, ref: value('branch') }];
  });
  return updates.flatMap((update) =>
    checkedOut
      .filter(({ ref }) => ref === update.ref)
      .map(({ worktree }) => ({ ...update, worktree })),
  );
}

/** `updated`: it holds the new commit's files already, as a run that was killed left it. */
async function inspectWorkTree(
  { new: next }: CheckedOutUpdate,
  options: GitRunOptions,
): Promise<'clean' | 'dirty' | 'updated'> {
  if (next === null) return 'dirty';
  const status = await runGit(
    ['status', '--porcelain', '-z', '--untracked-files=no', '--ignore-submodules=all'],
    options,
  );
  if (requireSuccess(status, 'inspecting the work tree').stdout.length === 0) return 'clean';
  const unstaged = await runGit(
    ['diff', '--quiet', '--no-ext-diff', '--no-textconv', '--ignore-submodules'],
    options,
  );
  const staged = await runGit(['diff-index', '--cached', '--quiet', next, '--'], options);
  return unstaged.exitCode === 0 && staged.exitCode === 0 ? 'updated' : 'dirty';
}

function checkedOut({ ref, worktree }: { ref: string; worktree: string }): UpdateRefsOutcome {
  return { kind: 'checked-out', ref, worktree };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
