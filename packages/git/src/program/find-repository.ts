import { dirname } from 'node:path';
import { findRepository as findFiles, type FoundRepository } from '../files/find-repository.js';
import { describeFailure } from './git-failure.js';
import type { Environment } from './git-environment.js';
import { runGit } from './run-git.js';

/**
 * Finds the repository at exactly `path`. Where parts of it belong to another user, git judges whether
 * it may be used (`safe.directory`).
 */
export async function findRepository(
  path: string,
  environment: Environment,
): Promise<FoundRepository> {
  const found = findFiles(path);
  if (found.owned) return found;
  const cwd = found.worktree ?? found.directory;
  const result = await runGit(['rev-parse', '--git-dir'], {
    cwd,
    environment,
    variables: { GIT_CEILING_DIRECTORIES: dirname(cwd) },
  });
  if (result.exitCode !== 0) throw describeFailure(result, `opening ${path}`);
  return found;
}
