/**
 * Makes every merge of three versions of a file in the histories of git repositories, and merges of random
 * edits of each file, in all three styles, and compares each with the real `git merge-file -p`: `node bench/histories.ts REPOSITORY…` (directories
 * or bundles). Prints the number of merges, of conflicts and of differences.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { merge3 } from '@holdfast/merge';
import { fileVersions, triples } from '../test/git-history.ts';
import { openGitMergeFile } from '../test/git-merge-file.ts';
import { randomlyEdited, type RandomSides } from '../test/random-sides.ts';

const STYLES = ['merge', 'diff3', 'zdiff3'] as const;
/** Merges a file at most: its versions are thinned out evenly to fit. */
const MAX_VERSIONS = 8;
/** Few files have three versions: the newest of each is also merged after random edits on both sides. */
const EDITED_MERGES = 4;

const git = await openGitMergeFile();
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-merge-histories-'));
let differences = 0;
try {
  for (const [index, location] of process.argv.slice(2).entries()) {
    const clone = join(scratch, String(index));
    execFileSync('git', ['clone', '--quiet', '--bare', location, clone], { stdio: 'ignore' });
    await compareRepository(location, clone);
  }
} finally {
  await git.close();
  rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = differences === 0 ? 0 : 1;

interface Counts {
  files: number;
  'merges of real versions': number;
  'merges of a real version, edited twice': number;
  compared: number;
  conflicted: number;
  binary: number;
  different: number;
}

async function compareRepository(name: string, repository: string): Promise<void> {
  const counts: Counts = {
    files: 0,
    'merges of real versions': 0,
    'merges of a real version, edited twice': 0,
    compared: 0,
    conflicted: 0,
    binary: 0,
    different: 0,
  };
  for (const [path, versions] of fileVersions(repository)) {
    counts.files++;
    const step = Math.max(1, versions.length / MAX_VERSIONS);
    const some = versions.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
    for (const sides of triples(some)) {
      counts['merges of real versions']++;
      await compareMerge(path, sides, counts);
    }
    for (let seed = 1; seed <= EDITED_MERGES; seed++) {
      counts['merges of a real version, edited twice']++;
      await compareMerge(path, randomlyEdited(versions.at(-1)!, seed), counts);
    }
  }
  differences += counts.different;
  console.log(name);
  console.table(counts);
}

async function compareMerge(path: string, sides: RandomSides, counts: Counts): Promise<void> {
  for (const style of STYLES) {
    const actual = merge3(sides, { style, conventions: 'exact', markerSize: 7 });
    if (actual.kind === 'binary') {
      counts.binary++;
      continue;
    }
    const expected = await git.merge(sides, style === 'merge' ? [] : [`--${style}`]);
    counts.compared++;
    if (actual.kind === 'conflicted') counts.conflicted++;
    if (Buffer.compare(expected.content, actual.content) === 0) continue;
    counts.different++;
    console.log(`different: ${path}, ${style}`);
  }
}
