import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';

const environment = {
  PATH: process.env['PATH'] ?? '',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'forge',
  GIT_AUTHOR_EMAIL: 'forge@example.com',
  GIT_COMMITTER_NAME: 'forge',
  GIT_COMMITTER_EMAIL: 'forge@example.com',
};

/** A bare repository that a forge holds; everything is done by the git program. */
export interface GitRepository {
  readonly directory: string;
  tip(branch: string): string | undefined;
  isAncestor(ancestor: string, descendant: string): boolean;
  /** Merges into a branch; undefined when the trees conflict. */
  merge(base: string, head: string, message: string, squash: boolean): string | undefined;
  conflicts(base: string, head: string): boolean;
  deleteBranch(branch: string): void;
  /** Commits files to a branch; a new branch starts at `from`. */
  commit(branch: string, files: Readonly<Record<string, string>>, from?: string): string;
  git(...args: string[]): string;
}

/**
 * Creates a bare repository in a folder: the few files that make one, as `git init` writes them. What it
 * holds need not outlive the machine.
 */
export function createGitRepository(directory: string, defaultBranch: string): GitRepository {
  mkdirSync(join(directory, 'objects'), { recursive: true });
  mkdirSync(join(directory, 'refs', 'heads'), { recursive: true });
  writeFileSync(join(directory, 'HEAD'), `ref: refs/heads/${defaultBranch}\n`);
  writeFileSync(
    join(directory, 'config'),
    '[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tfsync = none\n[http]\n\treceivepack = true\n[receive]\n\tautogc = false\n[gc]\n\tauto = 0\n',
  );
  return openGitRepository(directory);
}

/** Opens a bare repository. */
export function openGitRepository(directory: string): GitRepository {
  const run = (args: readonly string[], input?: Buffer) =>
    spawnSync('git', ['-C', directory, ...args], { env: environment, input });
  // What two commits are to each other never changes.
  const trees = new Map<string, string | undefined>();
  const ancestors = new Map<string, boolean>();
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', directory, ...args], { env: environment, encoding: 'utf8' }).trim();

  function tip(branch: string): string | undefined {
    const loose = read(join(directory, 'refs', 'heads', branch))?.trim();
    if (loose !== undefined) return loose;
    const packed = read(join(directory, 'packed-refs')) ?? '';
    const line = packed.split('\n').find((each) => each.endsWith(` refs/heads/${branch}`));
    return line?.slice(0, 40);
  }

  /** Whether a commit, as it was pushed, has another as its parent: then that is not its descendant. */
  function isChild(commit: string, parent: string): boolean {
    try {
      const file = join(directory, 'objects', commit.slice(0, 2), commit.slice(2));
      return inflateSync(readFileSync(file)).includes(`\nparent ${parent}\n`);
    } catch {
      return false; // it lies in a pack
    }
  }

  function mergeTree(base: string, head: string): string | undefined {
    const key = `${base} ${head}`;
    if (!trees.has(key)) {
      const { status, stdout } = run(['merge-tree', '--write-tree', base, head]);
      trees.set(key, status === 0 ? stdout.toString().split('\n')[0] : undefined);
    }
    return trees.get(key);
  }

  return {
    directory,
    git,
    tip,
    isAncestor(ancestor, descendant) {
      const key = `${ancestor} ${descendant}`;
      const known = ancestors.get(key);
      if (known !== undefined || ancestor === descendant) return known ?? true;
      const found =
        !isChild(ancestor, descendant) &&
        run(['merge-base', '--is-ancestor', ancestor, descendant]).status === 0;
      ancestors.set(key, found);
      return found;
    },
    conflicts: (base, head) => mergeTree(base, head) === undefined,
    merge(base, head, message, squash) {
      const onto = tip(base)!;
      const tree = mergeTree(onto, head);
      if (tree === undefined) return undefined;
      const parents = squash ? ['-p', onto] : ['-p', onto, '-p', head];
      const commit = git('commit-tree', tree, ...parents, '-m', message);
      git('update-ref', `refs/heads/${base}`, commit, onto);
      return commit;
    },
    deleteBranch(branch) {
      run(['update-ref', '-d', `refs/heads/${branch}`]);
    },
    commit(branch, files, from) {
      const parent = tip(branch) ?? (from === undefined ? undefined : git('rev-parse', from));
      const stream = [
        `commit refs/heads/${branch}\ncommitter Test <test@example.com> 1769000000 +0000\n`,
        `data 6\nChange\n${parent === undefined ? '' : `from ${parent}\n`}`,
        ...Object.entries(files).map(
          ([path, text]) =>
            `M 100644 inline ${JSON.stringify(path)}\ndata ${Buffer.byteLength(text)}\n${text}\n`,
        ),
      ].join('');
      run(['fast-import', '--quiet', '--force', '--date-format=raw'], Buffer.from(stream));
      return tip(branch)!;
    },
  };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
