import type { EngineOptions } from '../backend.js';
import type { Engine } from '../engine.js';
import { findMergeBase, listLog, reaches, type History } from '../files/commit-walk.js';
import { createFilesEngine } from '../files/files-engine.js';
import type { FoundRepository } from '../files/find-repository.js';
import { createHistory, LongHistory } from '../files/history.js';
import { GitError } from '../git-error.js';
import type { LogRange } from '../repository.js';
import type { Environment } from './git-environment.js';
import { describeFailure, requireSuccess } from './git-failure.js';
import { createObjectReader } from './object-reader.js';
import { createProgramRefs } from './program-refs.js';
import { runGit, type GitResult } from './run-git.js';
import { updateRefsLocally } from './update-refs.js';
import { updateWorkTrees } from './work-trees.js';

/** Commits that a walk in this process reads before it is left to git. */
const SHORT_WALK = 200;

/** So many objects in a row are read faster by git, which works beside this process. */
const MANY = 256;

/** Where a repository lies and how git is run on it. */
export interface ProgramOptions extends FoundRepository, EngineOptions {
  readonly environment: Environment;
}

/**
 * The engine that has the installed git program do what it does best: histories, work trees, and much
 * reading at once. Single objects and refs are read and written in this process, which is done before
 * a program has started; what that cannot read (refs kept as a table, old packs) git reads.
 */
export function createProgramEngine(options: ProgramOptions): Engine {
  const { directory, environment, limits, refStorage, runHooks } = options;
  const run = (...args: string[]): Promise<GitResult> => runGit(args, options);
  const whileLocked = (moves: Parameters<typeof updateWorkTrees>[0]) =>
    updateWorkTrees(moves, options);
  const files = createFilesEngine(options, options, whileLocked);
  const reader = createObjectReader(directory, environment);
  const refs = refStorage === undefined ? files : createProgramRefs(reader, run, limits.refs);
  let leftToGit = false;

  /** Reads in process, or by git once that has met what it cannot read. */
  async function readBy<T>(inProcess: () => Promise<T>, byGit: () => Promise<T>): Promise<T> {
    if (leftToGit) return byGit();
    try {
      return await inProcess();
    } catch (error) {
      if (!(error instanceof GitError) || error.code !== 'unsupported') throw error;
      leftToGit = true;
      return byGit();
    }
  }

  /** Short walks end before a program has started; long ones are git's. */
  async function walk<T>(work: (history: History) => Promise<T>, byGit: () => Promise<T>) {
    if (leftToGit) return byGit();
    try {
      return await work(createHistory(engine, options.common, SHORT_WALK));
    } catch (error) {
      if (error instanceof LongHistory) return byGit();
      throw error;
    }
  }

  const engine: Engine = {
    ...files,
    kind: 'program',
    readObject: (oid, limit) =>
      readBy(
        () => files.readObject(oid, limit),
        () => reader.read(oid, limit ?? Math.max(limits.blobBytes, limits.objectBytes)),
      ),
    objectInfo: (oid) =>
      readBy(
        () => files.objectInfo(oid),
        () => reader.inspect(oid),
      ),
    expandOid: (prefix) =>
      readBy(
        () => files.expandOid(prefix),
        () => expand(prefix, run),
      ),
    listFiles: (tree) =>
      readBy(
        () => files.listFiles(tree),
        () => reader.listFiles(tree, limits),
      ),
    async resolveByGit(revision) {
      const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', revision];
      const { exitCode, stdout } = await run(...args);
      return exitCode === 0 ? stdout.toString('latin1', 0, 40) : undefined;
    },
    readMany: (oids) => (oids.length < MANY ? undefined : reader),
    readRef: refs.readRef,
    listRefs: refs.listRefs,
    readHead: refs.readHead,
    updateRefs: (updates, message) =>
      runHooks || refStorage !== undefined
        ? updateRefsLocally(updates, { ...options, message, readRef: refs.readRef, whileLocked })
        : files.updateRefs(updates, message),
    log: (range) =>
      walk(
        (history) => listLog(history, range),
        () => listHistory(range, run),
      ),
    mergeBase: (a, b) =>
      walk(
        (history) => findMergeBase(history, a, b),
        () => findBaseByGit(a, b, run),
      ),
    isAncestor: (ancestor, descendant) =>
      walk(
        (history) => reaches(history, descendant, ancestor),
        () => isAncestorByGit(ancestor, descendant, run),
      ),
    async close() {
      await files.close();
      await reader.close();
    },
  };
  return engine;
}

async function findBaseByGit(
  a: string,
  b: string,
  run: (...args: string[]) => Promise<GitResult>,
): Promise<string | undefined> {
  const result = await run('merge-base', a, b);
  if (result.exitCode === 1) return undefined;
  return requireSuccess(result, 'looking for a merge base').stdout.toString('latin1', 0, 40);
}

async function isAncestorByGit(
  ancestor: string,
  descendant: string,
  run: (...args: string[]) => Promise<GitResult>,
): Promise<boolean> {
  const result = await run('merge-base', '--is-ancestor', ancestor, descendant);
  if (result.exitCode > 1) throw describeFailure(result, 'comparing histories');
  return result.exitCode === 0;
}

async function expand(
  prefix: string,
  run: (...args: string[]) => Promise<GitResult>,
): Promise<string[]> {
  const result = await run('rev-parse', `--disambiguate=${prefix}`);
  const ids = requireSuccess(result, `looking for ${prefix}`).stdout.toString('latin1');
  return ids.split('\n').filter((line) => line !== '');
}

async function listHistory(
  { from, to, paths, limit }: LogRange,
  run: (...args: string[]) => Promise<GitResult>,
): Promise<string[]> {
  if (paths?.length === 0 || limit === 0) return [];
  const result = await run(
    'rev-list',
    '--date-order',
    ...(limit === undefined ? [] : [`--max-count=${limit}`]),
    to,
    ...(from === undefined ? [] : [`^${from}`]),
    ...(paths === undefined ? [] : ['--', ...paths]),
  );
  const output = requireSuccess(result, 'reading the history').stdout.toString('latin1');
  return output.split('\n').filter((line) => line !== '');
}
