import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { merge3 } from '@holdfast/merge';
import { merge as nodeDiff3 } from 'node-diff3';
import { benchCases, type BenchCase } from './cases.ts';

let directory = '';
const hasDiff3 = spawnSync('diff3', ['--version']).error === undefined;

/**
 * Times `merge3` against spawned `git merge-file`, spawned GNU `diff3` and node-diff3 on the same texts.
 * Prints medians a document, and how many times longer the others take.
 */
export function timeMerges(): void {
  directory = mkdtempSync(join(tmpdir(), 'holdfast-merge-bench-'));
  const rows: Record<string, string>[] = [];
  try {
    const run = (): unknown => spawnSync('git', ['--version']);
    const spawning = medians(1, [{ passes: 30, run }])[0]!;
    for (const benchCase of benchCases()) rows.push(timeCase(benchCase, spawning));
    console.log(`spawning git alone: ${milliseconds(spawning)} (subtracted in "git inside")`);
    console.table(rows);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

interface Contender {
  passes: number;
  run: (index: number) => void;
}

function timeCase(benchCase: BenchCase, spawning: number): Record<string, string> {
  const { name, documents } = benchCase;
  const isLarge = documents[0]!.base.length > 100_000;
  const files = documents.map((document, index) => writeSides(document, index));
  const texts = documents.map(({ base, ours, theirs }) => [ours, base, theirs].map(decode));
  const spawn = (program: string, args: string[]): unknown =>
    spawnSync(program, args, { maxBuffer: 1 << 28, timeout: 20_000 });
  const [own, git, diff3, other] = medians(documents.length, [
    { passes: isLarge ? 9 : 60, run: (index) => merge3(documents[index]!) },
    {
      passes: isLarge ? 5 : 2,
      run: (index) => spawn('git', ['merge-file', '-p', ...files[index]!]),
    },
    {
      passes: hasDiff3 ? (isLarge ? 3 : 2) : 0,
      run: (index) => spawn('diff3', ['-m', ...files[index]!]),
    },
    {
      passes: benchCase.tooLongForNodeDiff3 ? 0 : isLarge ? 1 : 60,
      run: (index) => {
        const [ours, base, theirs] = texts[index]!;
        nodeDiff3(ours!, base!, theirs!, { stringSeparator: '\n' });
      },
    },
  ]);
  const compared = (time: number | undefined): string =>
    time === undefined ? 'left out' : `${milliseconds(time)} (${ratio(time, own!)})`;
  return {
    case: name,
    merge3: milliseconds(own!),
    'git spawned': compared(git),
    'git inside': ratio(Math.max(0, git! - spawning), own!),
    'diff3 spawned': compared(diff3),
    'node-diff3': compared(other),
  };
}

/** The median time of a pass over all documents, by the document; the contenders take turns. */
function medians(count: number, contenders: Contender[]): (number | undefined)[] {
  const times = contenders.map((): number[] => []);
  const rounds = Math.max(...contenders.map(({ passes }) => passes));
  for (let round = 0; round < rounds; round++) {
    contenders.forEach(({ passes, run }, at) => {
      if (round >= passes) return;
      const start = performance.now();
      for (let index = 0; index < count; index++) run(index);
      times[at]!.push((performance.now() - start) / count);
    });
  }
  return times.map(middle);
}

function middle(times: number[]): number | undefined {
  return times.sort((left, right) => left - right)[times.length >> 1];
}

function ratio(time: number, own: number): string {
  return `${(time / own).toFixed(time / own < 10 ? 1 : 0)}×`;
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
