import type { FoundRepository } from '../files/find-repository.js';
import { listWorkTrees } from '../files/work-trees.js';
import type { RefUpdate, UpdateRefsOutcome } from '../repository.js';
import { findInTheWay } from './find-in-the-way.js';
import { describeFailure, requireSuccess } from './git-failure.js';
import { harmlessVariables } from './runnable-settings.js';
import { runGit, type GitRunOptions } from './run-git.js';

/** An update of a ref that a work tree has checked out. */
interface CheckedOutUpdate extends RefUpdate {
  readonly worktree: string;
  readonly directory: string;
}

type WorkTreeOptions = GitRunOptions &
  Pick<FoundRepository, 'common' | 'bare'> & { readonly runHooks: boolean };

/**
 * Brings work trees to where their branches are about to go, as `receive.denyCurrentBranch =
 * updateInstead` does, or says which one cannot follow, and which path keeps it. Runs while the refs
 * are locked and before they move. A kill in between leaves the new files staged over the old branch:
 * nothing is lost, and the same update finds the work tree in place and only moves the ref. No file
 * that git does not track is overwritten, ignored ones neither. Filters run only with `runHooks`.
 */
export async function updateWorkTrees(
  moves: readonly RefUpdate[],
  options: WorkTreeOptions,
): Promise<UpdateRefsOutcome | undefined> {
  const updates = findCheckedOut(moves, options);
  if (updates.length === 0) return undefined;
  const run = await createRunner(options);
  const pending: CheckedOutUpdate[] = [];
  for (const update of updates) {
    const state = await inspectWorkTree(update, run(update));
    if (state === 'dirty') return checkedOut(update);
    if (state === 'updated') continue;
    const inTheWay = await findInTheWay(update.worktree, update.old, update.new ?? '', run(update));
    if (inTheWay !== undefined) return checkedOut(update, inTheWay);
    pending.push(update);
  }
  for (const update of pending) {
    const trees = [update.old, update.new].filter((tree) => tree !== null);
    const flags = ['-u', '-m', '--no-recurse-submodules'];
    const result = await runGit(['read-tree', ...flags, ...trees], run(update));
    if (/would be overwritten|not uptodate|would lose untracked/.test(result.stderr))
      return checkedOut(update);
    if (result.exitCode !== 0)
      throw describeFailure(result, `updating the work tree ${update.worktree}`);
  }
  return undefined;
}

/** How git runs in a work tree: at that place, and with nothing of the repository's running. */
async function createRunner(
  options: WorkTreeOptions,
): Promise<(update: CheckedOutUpdate) => GitRunOptions> {
  const variables = options.runHooks ? {} : await overrideSettings(options);
  return ({ worktree, directory }) => ({
    ...options,
    directory,
    cwd: worktree,
    workTree: worktree,
    purpose: options.runHooks ? 'hooks' : 'local',
    variables,
  });
}

/** Settings of any name (`filter.NAME.clean`) can be made harmless only once they are known. */
async function overrideSettings(options: WorkTreeOptions): Promise<Record<string, string>> {
  const result = await runGit(['config', '--name-only', '-z', '--list'], options);
  const names = requireSuccess(result, 'reading the configuration').stdout.toString().split('\0');
  return harmlessVariables(names);
}

function findCheckedOut(
  updates: readonly RefUpdate[],
  { common, bare }: WorkTreeOptions,
): CheckedOutUpdate[] {
  const workTrees = listWorkTrees(common, bare);
  return updates.flatMap((update) =>
    workTrees
      .filter(({ branch }) => branch === update.ref)
      .map(({ path, directory }) => ({ ...update, worktree: path, directory })),
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

function checkedOut(
  { ref, worktree }: { ref: string; worktree: string },
  path?: string,
): UpdateRefsOutcome {
  return { kind: 'checked-out', ref, worktree, ...(path === undefined ? {} : { path }) };
}
