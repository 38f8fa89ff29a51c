import { execFile } from 'node:child_process';
import type { GitFacts } from './git-facts.js';

export interface ReadGitOptions {
  /** The environment of the `git` program, of which variables of git itself are left out. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * What git says of a folder: where it stands in its repository, where its remote is, which branch is the default. A
 * folder in no work tree, or a machine without git, is no repository. Nothing is fetched or written.
 */
export async function readGit(folder: string, { environment }: ReadGitOptions): Promise<GitFacts> {
  const ask = (...args: string[]) => runGit(folder, args, environment);
  const place = await ask('rev-parse', '--is-inside-work-tree', '--show-prefix');
  const [inside, prefix = ''] = place?.split('\n') ?? [];
  if (inside !== 'true') return { kind: 'none' };
  const [origin, remotes, head, branch] = await Promise.all([
    ask('remote', 'get-url', 'origin'),
    ask('remote'),
    ask('symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD'),
    ask('symbolic-ref', '--quiet', '--short', 'HEAD'),
  ]);
  const [only, ...others] = remotes?.split('\n') ?? [];
  const remote =
    origin ?? (only && others.length === 0 ? await ask('remote', 'get-url', only) : undefined);
  return {
    kind: 'repository',
    path: prefix.replace(/\/$/, ''),
    remote: remote?.split('\n')[0],
    defaultBranch: head?.replace(/^origin\//, ''),
    branch,
  };
}

/** What git prints, without the last line feed; undefined where it fails or prints nothing. */
export function runGit(
  folder: string,
  args: readonly string[],
  environment: ReadGitOptions['environment'],
): Promise<string | undefined> {
  const env = Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith('GIT_')),
  );
  // A repository may name programs to run: none is wanted here.
  const safe = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-C', folder];
  return new Promise((resolve) => {
    execFile(
      'git',
      [...safe, ...args],
      {
        env: { ...env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' },
        timeout: 10_000,
        maxBuffer: 1 << 20,
      },
      (error, stdout) => {
        const text = stdout.replace(/\n$/, '');
        resolve(error || text === '' ? undefined : text);
      },
    );
  });
}
