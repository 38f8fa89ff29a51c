import type { NewObjects } from '../engine.js';
import { GitError } from '../git-error.js';
import { hashObject } from '../object-id.js';
import { isTreeMode, type RawTreeEntry } from '../tree-object.js';
import { requireSuccess } from './git-failure.js';
import { runGit, type GitRunOptions } from './run-git.js';

/**
 * Writes blobs with `fast-import` (which makes one pack of many) and, beside it, trees with
 * `mktree`; when both are there, the commit. No ref moves, no filter runs, and a kill at any point
 * leaves at most objects that nothing names.
 */
export async function writeObjects(
  { blobs, trees, commit }: NewObjects,
  options: GitRunOptions,
): Promise<void> {
  await Promise.all([writeBlobs(blobs, options), writeTrees(trees, options)]);
  const result = await runGit(['hash-object', '-t', 'commit', '-w', '--stdin'], {
    ...options,
    input: [commit],
  });
  const oid = requireSuccess(result, 'writing the commit').stdout.toString('latin1').trim();
  checkIds([hashObject('commit', commit)], [oid]);
}

async function writeBlobs(
  blobs: ReadonlyMap<string, Uint8Array>,
  options: GitRunOptions,
): Promise<void> {
  if (blobs.size === 0) return;
  const input = function* (): Generator<string | Uint8Array> {
    yield 'feature done\n';
    for (const content of blobs.values()) {
      yield `blob\ndata ${content.length}\n`;
      yield content;
      yield '\n';
    }
    yield 'done\n';
  };
  const result = await runGit(['fast-import', '--quiet'], { ...options, input: input() });
  requireSuccess(result, 'writing file contents');
}

async function writeTrees(
  trees: ReadonlyMap<string, readonly RawTreeEntry[]>,
  options: GitRunOptions,
): Promise<void> {
  if (trees.size === 0) return;
  const input = Array.from(trees.values(), (entries) =>
    Buffer.from(`${entries.map(formatEntry).join('')}\0`, 'latin1'),
  );
  // Without --missing, mktree looks for each entry's object, blobs still being written among them.
  const result = await runGit(['mktree', '-z', '--batch', '--missing'], { ...options, input });
  const ids = requireSuccess(result, 'writing trees').stdout.toString('latin1').trim().split('\n');
  checkIds([...trees.keys()], ids);
}

function formatEntry({ mode, name, oid }: RawTreeEntry): string {
  const type = isTreeMode(mode) ? 'tree' : mode === '160000' ? 'commit' : 'blob';
  return `${mode} ${type} ${oid}\t${name}\0`;
}

function checkIds(expected: string[], got: string[]): void {
  const index = expected.findIndex((oid, at) => got[at] !== oid);
  if (index === -1) return;
  throw new GitError('corrupt', `git wrote ${got[index]} where ${expected[index]} was expected`, {
    data: { expected: expected[index], got: got[index] },
  });
}
