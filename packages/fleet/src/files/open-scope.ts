import { realpath } from 'node:fs/promises';
import { openRepository } from '@holdfast/git';
import type { Repository } from '@holdfast/git';
import { readGit } from '@holdfast/git';
import type { AskOptions } from '@holdfast/git';
import { FleetError } from '../fleet-error.js';
import { openOptions } from '../open/open-fleet.js';
import type { FleetSurroundings } from '../surroundings.js';
import { readCommitTree, readIndexTree } from './git-tree.js';
import type { LocalTree } from './local-tree.js';
import { findWorkTree, isGitFolder, readFolder, readWorkTree, splitRecords } from './work-tree.js';

/** Where the files come from. */
export interface ScopeInput {
  readonly changed?: true;
  readonly staged?: true;
  readonly from?: string;
  readonly to?: string;
}

/** A tree, and the part of it that is to be checked. */
export interface Scope {
  readonly tree: LocalTree;
  /** Whether the tree is what lies on the disk. */
  readonly onDisk: boolean;
  /** Absent: all of it. */
  readonly change?: Change;
}

/** The paths that differ from what was before. */
export interface Change {
  readonly present: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
}

/** Opens what is to be validated, hands it on, and closes it in any case. */
export async function withScope<Result>(
  surroundings: FleetSurroundings,
  input: ScopeInput,
  use: (scope: Scope) => Promise<Result>,
): Promise<Result> {
  const { environment, signal } = surroundings;
  const cwd = await realpath(surroundings.cwd);
  const root = await findWorkTree({ cwd, environment, signal });
  if (input.from === undefined && input.to === undefined && !input.staged) {
    return use(await diskScope(root, cwd, input, surroundings));
  }
  const repository = await openRepository(root ?? cwd, openOptions(surroundings));
  try {
    const git = { cwd: root ?? cwd, environment, signal };
    return await use(
      input.staged ? await stagedScope(repository, git) : await rangeScope(repository, git, input),
    );
  } finally {
    await repository.close();
  }
}

async function diskScope(
  root: string | undefined,
  cwd: string,
  { changed }: ScopeInput,
  { environment, signal }: FleetSurroundings,
): Promise<Scope> {
  if (root === undefined) {
    if (await isGitFolder({ cwd, environment, signal })) {
      throw new FleetError('not-in-repository', `${cwd} is the inside of a git repository`, {
        hint: 'validate a commit of it with --to REVISION, or run this in a work tree',
      });
    }
    if (!changed) return { tree: await readFolder(cwd), onDisk: true };
    throw new FleetError(
      'not-in-repository',
      `--changed needs a git work tree, ${cwd} is in none`,
      {
        hint: 'name the files to check instead',
      },
    );
  }
  const git = { cwd: root, environment, signal };
  const tree = await readWorkTree(git);
  return changed
    ? { tree, onDisk: true, change: await readStatus(tree, git) }
    : { tree, onDisk: true };
}

/** What `git status` says of paths: untracked ones are new, ignored ones are not told. */
async function readStatus(tree: LocalTree, git: AskOptions): Promise<Change> {
  const { records, damaged } = splitRecords(
    await readGit(['status', '--porcelain', '-z', '--untracked-files=all', '--no-renames'], git),
  );
  const paths = [...records, ...damaged].map((record) => record.slice(3));
  return changeOf(
    tree,
    paths.filter((path) => !path.endsWith('/')),
  );
}

/** Paths that a tree has, if only by a name that is no text, are present. */
function changeOf({ entries, problems }: LocalTree, paths: readonly string[]): Change {
  const damaged = new Set(problems.map(({ path }) => path));
  const isPresent = (path: string) => entries.has(path) || damaged.has(path);
  return {
    present: new Set(paths.filter(isPresent)),
    removed: new Set(paths.filter((path) => !isPresent(path))),
  };
}

async function stagedScope(repository: Repository, git: AskOptions): Promise<Scope> {
  const tree = await readIndexTree(repository, git);
  const { records, damaged } = splitRecords(
    await readGit(
      ['diff', '--cached', '--name-only', '-z', '--no-renames', '--no-relative', '--no-ext-diff'],
      git,
    ),
  );
  return { tree, onDisk: false, change: changeOf(tree, [...records, ...damaged]) };
}

/** What changed since the branches parted, as a change request shows it. */
async function rangeScope(
  repository: Repository,
  { cwd }: AskOptions,
  { from, to = 'HEAD' }: ScopeInput,
): Promise<Scope> {
  const end = await resolve(repository, '--to', to);
  const tree = await readCommitTree(repository, cwd, end);
  if (from === undefined) return { tree, onDisk: false };
  const start = await resolve(repository, '--from', from);
  const base = (await repository.mergeBase(start, end)) ?? start;
  const differences = await repository.diffTrees(base, end);
  const paths = differences.map(({ path }) => path);
  return { tree, onDisk: false, change: changeOf(tree, paths) };
}

async function resolve(repository: Repository, flag: string, revision: string): Promise<string> {
  const commit = await repository.resolveCommit(revision);
  if (commit) return commit.oid;
  throw new FleetError('bad-argument', `${flag}: there is no commit ${JSON.stringify(revision)}`, {
    hint: 'name a commit, branch or tag of this repository; in a shallow clone, fetch it first',
  });
}
