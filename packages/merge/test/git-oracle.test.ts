import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { merge3, type MergeOptions } from '../src/index.js';
import { fileVersions, triples } from './git-history.js';
import { openGitMergeFile, type GitMergeFile } from './git-merge-file.js';
import { randomlyEdited, randomSides, type RandomSides } from './random-sides.js';

const BUNDLE = resolve(
  import.meta.dirname,
  '../../../../shared/data/agent33-core/agent33-core.bundle',
);
const MANNERS: [flags: string[], options: MergeOptions][] = [
  [[], {}],
  [['--diff3'], { style: 'diff3' }],
  [['--zdiff3'], { style: 'zdiff3' }],
  [['--ours'], { favor: 'ours' }],
  [['--theirs'], { favor: 'theirs' }],
  [['--union'], { favor: 'union' }],
];

let git: GitMergeFile;
beforeAll(async () => {
  git = await openGitMergeFile();
});
afterAll(() => git.close());

async function expectSame(
  name: string,
  sides: RandomSides,
  [flags, options]: (typeof MANNERS)[number],
): Promise<void> {
  const expected = await git.merge(sides, flags);
  const actual = merge3(sides, { ...options, conventions: 'exact', markerSize: 7 });
  expect(Buffer.from(actual.content).toString(), `${name} ${flags.join(' ')}`).toBe(
    expected.content.toString(),
  );
}

test.each(MANNERS)('merges random texts byte for byte as git merge-file %j', async (...manner) => {
  for (let seed = 1; seed <= 60; seed++)
    await expectSame(`seed ${seed}`, randomSides(seed), manner);
});

test('merges long rewritten texts, where heuristics decide, as git merge-file', async () => {
  for (let seed = 1; seed <= 6; seed++) {
    await expectSame(`seed ${seed}`, randomSides(seed, 100), MANNERS[0]!);
  }
});

test('merges real versions of documents as git merge-file', async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'holdfast-merge-history-'));
  try {
    const versions = existsSync(BUNDLE) ? bundledVersions(scratch) : ownVersions();
    for (const [path, contents] of versions) {
      const merges = [
        ...triples(contents),
        ...[1, 2].map((seed) => randomlyEdited(contents.at(-1)!, seed)),
      ];
      for (const sides of merges.slice(0, 8)) await expectSame(path, sides, MANNERS[0]!);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

/** The forty files of the bundle with the most versions. */
function bundledVersions(scratch: string): [string, Uint8Array[]][] {
  const clone = join(scratch, 'clone');
  execFileSync('git', ['clone', '--quiet', '--bare', BUNDLE, clone], { stdio: 'ignore' });
  return [...fileVersions(clone)]
    .sort(([, left], [, right]) => right.length - left.length)
    .slice(0, 40);
}

function ownVersions(): [string, Uint8Array[]][] {
  const document = ['# Plan', '', '- build', '- test', '', 'Done when it works.', ''];
  const versions = [0, 2, 5].map((line) => document.toSpliced(line, 1, `changed ${line}`, 'more'));
  return [['plan.md', [document, ...versions].map((lines) => Buffer.from(lines.join('\n')))]];
}
