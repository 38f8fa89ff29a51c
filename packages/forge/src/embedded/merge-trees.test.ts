import { execFileSync } from 'node:child_process';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { actor, createSandbox, type Sandbox } from '../../test/git-sandbox.js';
import { mergeTrees } from './merge-trees.js';

const paths = ['a', 'a/b', 'a/c', 'd', 'd/e/f', 'g'];

/** A tree: some of the paths, without a file in the place of a folder. */
const tree = fc
  .record(
    Object.fromEntries(paths.map((path) => [path, fc.option(fc.constantFrom('1', '2', '3'))])),
  )
  .map((files) => {
    const entries = Object.entries(files).filter(([, text]) => text !== null) as [string, string][];
    return new Map(
      entries.filter(([path]) => !entries.some(([other]) => path.startsWith(`${other}/`))),
    );
  });

async function commitTree(sandbox: Sandbox, files: Map<string, string>, parent?: string) {
  const signature = { ...actor, timestamp: 1 };
  const changes = Array.from(files, ([path, text]) => ({
    path,
    mode: '100644' as const,
    content: Buffer.from(`${path} ${text}\n`), // no two paths look like a rename
  }));
  const { commit } = await sandbox.repository.writeCommit({
    parents: parent === undefined ? [] : [parent],
    changes,
    message: 'tree',
    author: signature,
    committer: signature,
  });
  return commit;
}

/** What git itself makes of the merge: the tree, or `conflicted`. */
function mergeByGit(sandbox: Sandbox, ours: string, theirs: string): string {
  try {
    return execFileSync(
      'git',
      [
        '-c',
        'merge.renames=false',
        '-C',
        sandbox.directory,
        'merge-tree',
        '--write-tree',
        ours,
        theirs,
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    ).trim();
  } catch {
    return 'conflicted';
  }
}

test('agrees with git merge-tree on trees of every shape', async () => {
  const sandbox = await createSandbox();
  const { repository } = sandbox;
  await fc.assert(
    fc.asyncProperty(tree, tree, tree, async (baseFiles, ourFiles, theirFiles) => {
      const base = await commitTree(sandbox, baseFiles);
      const ours = await commitTree(sandbox, ourFiles, base);
      const theirs = await commitTree(sandbox, theirFiles, base);
      const merged = await mergeTrees(repository, { base, ours, theirs });
      expect(await describeTree(merged)).toBe(mergeByGit(sandbox, ours, theirs));
    }),
    { numRuns: 40 },
  );

  async function describeTree(merged: Awaited<ReturnType<typeof mergeTrees>>): Promise<string> {
    if (merged.kind === 'conflicted') return 'conflicted';
    const signature = { ...actor, timestamp: 1 };
    const written = await repository.writeCommit({
      parent: merged.onto,
      changes: merged.changes,
      message: 'merged',
      author: signature,
      committer: signature,
    });
    return written.tree;
  }
});

test.each([
  ['ours made it executable, theirs changed it', ['644', '1'], ['755', '1'], ['644', '2'], '755 2'],
  ['theirs made it executable, ours changed it', ['644', '1'], ['644', '2'], ['755', '1'], '755 2'],
  [
    'ours made it a link, theirs changed it',
    ['644', '1'],
    ['link', '1'],
    ['644', '2'],
    'conflicted',
  ],
  ['both point a link elsewhere', ['link', '1'], ['link', '2'], ['link', '3'], 'conflicted'],
] as const)('modes: %s', async (_, base, ours, theirs, expected) => {
  const { repository } = await createSandbox();
  const signature = { ...actor, timestamp: 1 };
  const commits = [];
  for (const [mode, text] of [base, ours, theirs]) {
    const { commit } = await repository.writeCommit({
      changes: [
        { path: 'f', mode: mode === 'link' ? '120000' : `100${mode}`, content: Buffer.from(text) },
      ],
      message: 'one file',
      author: signature,
      committer: signature,
    });
    commits.push(commit);
  }
  const [b, o, t] = commits as [string, string, string];
  const mergeFile = () => expect.fail('there is nothing to merge in the content');
  const merged = await mergeTrees(repository, { base: b, ours: o, theirs: t }, mergeFile);
  expect(merged.kind === 'conflicted' ? merged.kind : await show()).toBe(expected);

  async function show(): Promise<string> {
    const change = merged.kind === 'clean' ? merged.changes[0] : undefined;
    if (change === undefined || !('oid' in change)) return 'nothing';
    const content = await repository.readBlob(change.oid);
    return `${change.mode.slice(3)} ${Buffer.from(content).toString()}`;
  }
});
