import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FoundRepository } from '../backend.js';
import { notARepository, sha256Repository } from '../location-errors.js';
import type { Environment } from './git-environment.js';
import { describeFailure } from './git-failure.js';
import { runGit } from './run-git.js';

/**
 * Finds the repository whose root (or git directory) is at `path`; never one further up, so that a
 * wrong path does not lead into the repository around it. Git's check of the owner applies
 * (`safe.directory`).
 */
export async function findRepository(
  path: string,
  environment: Environment,
): Promise<FoundRepository> {
  const cwd = await realpath(path).catch((cause: unknown) => {
    throw notARepository(path, 'there is no such folder', cause);
  });
  if (!(await stat(cwd)).isDirectory()) throw notARepository(path, 'it is a file');
  const result = await runGit(
    ['rev-parse', '--absolute-git-dir', '--is-bare-repository', '--show-object-format'],
    { cwd, environment, variables: { GIT_CEILING_DIRECTORIES: dirname(cwd) } },
  );
  if (result.exitCode !== 0) {
    if (/not a git repository|Not a directory/.test(result.stderr)) {
      throw notARepository(path, 'git finds none there');
    }
    throw describeFailure(result, `opening ${path}`);
  }
  const [directory = '', bare, format] = result.stdout.toString().trimEnd().split('\n');
  if (format !== 'sha1') throw sha256Repository(path);
  if (bare === 'true' || directory === cwd) return { directory, bare: bare === 'true' };
  return { directory, bare: false, worktree: cwd };
}
