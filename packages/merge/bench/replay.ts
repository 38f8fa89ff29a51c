import { basename, dirname } from 'node:path';
import { merge3, mergeJson, type StructureMergeResult } from '@holdfast/merge';
import { mergeYaml } from '@holdfast/merge/yaml';
import { parseAllDocuments } from 'yaml';
import { realMerges, repositoriesIn, type RealMerge } from './real-merges.ts';

const SELECTION = { maxCommits: 3000, maxPerPath: 20, maxBytes: 300_000 };
const QUICK = { maxCommits: 300, maxPerPath: 5, maxBytes: 50_000 };

/** What came of the merges of one repository. */
interface Counts {
  merges: number;
  'clean by lines': number;
  '… as people': number;
  'clean by key': number;
  '… as people ': number;
  'as people': string;
  'conflicts by key': number;
  'read by line': number;
  unreadable: number;
  'time of lines': string;
}

/**
 * Merges anew what people merged in the histories of the repositories in `directory`: each YAML and JSON
 * file that both sides of a merge commit had changed. Prints how many results are clean, how many of
 * those are byte for byte what was committed, and the time by key as a multiple of the time by lines.
 */
export function replayHistories(
  directory: string,
  { quick = false }: { readonly quick?: boolean } = {},
): void {
  const rows: Record<string, Counts> = {};
  const totals: Tally[] = [];
  for (const repository of repositoriesIn(directory)) {
    const tally = new Tally();
    for (const merge of realMerges(repository, quick ? QUICK : SELECTION)) tally.add(merge);
    const name =
      basename(repository) === 'repo' ? basename(dirname(repository)) : basename(repository);
    rows[name] = tally.counts();
    totals.push(tally);
  }
  rows['all'] = totals.reduce((sum, tally) => sum.plus(tally), new Tally()).counts();
  console.table(rows);
}

class Tally {
  #merges = 0;
  #lines = { clean: 0, equal: 0, time: 0 };
  #keys = { clean: 0, equal: 0, time: 0, conflicted: 0, byLine: 0, unreadable: 0 };

  add({ path, people, ...sides }: RealMerge): void {
    this.#merges++;
    const lines = timed(() => merge3(sides));
    const keys = timed(() => mergeByKey(path, sides));
    this.#lines.time += lines.time;
    this.#keys.time += keys.time;
    if (lines.result.kind === 'clean') {
      this.#lines.clean++;
      if (isEqual(lines.result.content, people)) this.#lines.equal++;
    }
    const { result } = keys;
    if (result.kind === 'conflicted') this.#keys.conflicted++;
    if (result.kind !== 'binary' && result.by === 'line') this.#keys.byLine++;
    if (result.kind !== 'clean') return;
    this.#keys.clean++;
    if (isEqual(result.content, people)) this.#keys.equal++;
    if (result.by === 'key' && !isReadable(path, result.content)) this.#keys.unreadable++;
  }

  plus(other: Tally): Tally {
    const sum = new Tally();
    sum.#merges = this.#merges + other.#merges;
    sum.#lines = added(this.#lines, other.#lines);
    sum.#keys = added(this.#keys, other.#keys);
    return sum;
  }

  counts(): Counts {
    return {
      merges: this.#merges,
      'clean by lines': this.#lines.clean,
      '… as people': this.#lines.equal,
      'clean by key': this.#keys.clean,
      '… as people ': this.#keys.equal,
      'as people': `${((100 * this.#keys.equal) / Math.max(1, this.#keys.clean)).toFixed(1)} %`,
      'conflicts by key': this.#keys.conflicted,
      'read by line': this.#keys.byLine,
      unreadable: this.#keys.unreadable,
      'time of lines': `${(this.#keys.time / Math.max(1e-9, this.#lines.time)).toFixed(1)}×`,
    };
  }
}

type Sides = Pick<RealMerge, 'base' | 'ours' | 'theirs'>;

function mergeByKey(path: string, sides: Sides): StructureMergeResult<Uint8Array> {
  return path.endsWith('.json') ? mergeJson(sides) : mergeYaml(sides);
}

function timed<T>(run: () => T): { result: T; time: number } {
  const start = performance.now();
  const result = run();
  return { result, time: performance.now() - start };
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

/** Whether a result reads; YAML reads JSON too, with its comments as an exception. */
function isReadable(path: string, content: Uint8Array): boolean {
  if (path.endsWith('.json'))
    return mergeByKey(path, { base: NOTHING, ours: content, theirs: content }).kind === 'clean';
  const documents = parseAllDocuments(new TextDecoder().decode(content));
  return 'empty' in documents || documents.every(({ errors }) => errors.length === 0);
}

const NOTHING = new Uint8Array();

function added<T extends Record<string, number>>(left: T, right: T): T {
  return Object.fromEntries(
    Object.entries(left).map(([key, value]) => [key, value + right[key]!]),
  ) as T;
}
