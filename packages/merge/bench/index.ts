/**
 * Times `merge3` against spawned `git merge-file`, spawned GNU `diff3` and node-diff3 on the same texts,
 * in one run: `node bench/index.ts`. Medians a document, and how many times longer the others take.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { merge3 } from '@holdfast/merge';
import { merge as nodeDiff3 } from 'node-diff3';
import { benchCases, type BenchCase } from './cases.ts';

const directory = mkdtempSync(join(tmpdir(), 'holdfast-merge-bench-'));
const hasDiff3 = spawnSync('diff3', ['--version']).error === undefined;
const rows: Record<string, string>[] = [];
try {
  const spawning = median(30, () => spawnSync('git', ['--version']));
  for (const benchCase of benchCases()) rows.push(timeCase(benchCase, spawning));
  console.log(`spawning git alone: ${milliseconds(spawning)} (subtracted in "git inside")`);
  console.table(rows);
} finally {
  rmSync(directory, { recursive: true });
}

function timeCase(benchCase: BenchCase, spawning: number): Record<string, string> {
  const { name, documents } = benchCase;
  const count = documents.length;
  const files = documents.map((document, index) => writeSides(document, index));
  const texts = documents.map(({ base, ours, theirs }) => [ours, base, theirs].map(decode));
  const large = documents[0]!.base.length > 100_000;
  const own = perDocument(large ? 9 : 40, count, (index) => merge3(documents[index]!));
  const git = perDocument(large ? 5 : 2, count, (index) => {
    spawnSync('git', ['merge-file', '-p', ...files[index]!], { maxBuffer: 1 << 28 });
  });
  const diff3 = perDocument(large ? 3 : 2, count, (index) => {
    if (hasDiff3)
      spawnSync('diff3', ['-m', ...files[index]!], { maxBuffer: 1 << 28, timeout: 20_000 });
  });
  const other = benchCase.tooLongForNodeDiff3
    ? undefined
    : perDocument(large ? 1 : 5, count, (index) => {
        const [ours, base, theirs] = texts[index]!;
        nodeDiff3(ours!, base!, theirs!, { stringSeparator: '\n' });
      });
  const ratio = (time: number): string => `${(time / own).toFixed(time / own < 10 ? 1 : 0)}×`;
  return {
    case: name,
    merge3: milliseconds(own),
    'git spawned': `${milliseconds(git)} (${ratio(git)})`,
    'git inside': ratio(Math.max(0, git - spawning)),
    'diff3 spawned': hasDiff3 ? `${milliseconds(diff3)} (${ratio(diff3)})` : 'not installed',
    'node-diff3': other === undefined ? 'minutes' : `${milliseconds(other)} (${ratio(other)})`,
  };
}

/** The median time of a pass over all documents, by the document. */
function perDocument(passes: number, count: number, run: (index: number) => void): number {
  const pass = (): void => {
    for (let index = 0; index < count; index++) run(index);
  };
  return median(passes, pass) / count;
}

function median(times: number, run: () => void): number {
  const measured: number[] = [];
  for (let time = 0; time < times; time++) {
    const start = performance.now();
    run();
    measured.push(performance.now() - start);
  }
  measured.sort((left, right) => left - right);
  return measured[measured.length >> 1]!;
}

function writeSides(document: BenchCase['documents'][number], index: number): string[] {
  return (['ours', 'base', 'theirs'] as const).map((side) => {
    const file = join(directory, `${index}.${side}`);
    writeFileSync(file, document[side]);
    return file;
  });
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function milliseconds(time: number): string {
  return `${time < 10 ? time.toFixed(3) : time.toFixed(0)} ms`;
}
