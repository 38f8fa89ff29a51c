/**
 * Compares `merge3` with the real `git merge-file -p` on random texts, in all styles and favours:
 * `node bench/fuzz.ts [cases] [scale] [first seed]`.
 */
import { merge3, type MergeOptions } from '@holdfast/merge';
import { openGitMergeFile } from '../test/git-merge-file.ts';
import { randomSides } from '../test/random-sides.ts';

const MANNERS: readonly [flags: string[], options: MergeOptions][] = [
  [[], {}],
  [['--diff3'], { style: 'diff3' }],
  [['--zdiff3'], { style: 'zdiff3' }],
  [['--ours'], { favor: 'ours' }],
  [['--theirs'], { favor: 'theirs' }],
  [['--union'], { favor: 'union' }],
  [['--marker-size=12', '--diff3'], { markerSize: 12, style: 'diff3' }],
];

const [cases = 1000, scale = 1, firstSeed = 1] = process.argv.slice(2).map(Number);
const git = await openGitMergeFile();
let compared = 0;
let conflicted = 0;
let differences = 0;
const pending = new Set<Promise<void>>();
for (let seed = firstSeed; seed < firstSeed + cases; seed++) {
  const run = compareCase(seed).finally(() => pending.delete(run));
  pending.add(run);
  if (pending.size >= 4) await Promise.race(pending);
}
await Promise.all(pending);
await git.close();
console.log(`${compared} compared, ${conflicted} with conflicts, ${differences} different`);
process.exitCode = differences === 0 ? 0 : 1;

async function compareCase(seed: number): Promise<void> {
  const sides = randomSides(seed, scale);
  const manners = seed % 4 === 0 ? MANNERS : MANNERS.slice(0, 3);
  for (const [flags, options] of manners) {
    const expected = await git.merge(sides, flags);
    const actual = merge3(sides, { conventions: 'exact', markerSize: 7, ...options });
    compared++;
    if (actual.kind === 'conflicted') conflicted++;
    if (Buffer.compare(expected.content, actual.content) !== 0) {
      differences++;
      console.log(`seed ${seed} ${flags.join(' ')}: different`);
    }
  }
}
