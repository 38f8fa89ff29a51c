import { checkOptions, checkTree } from './check-arguments.js';
import { compareText } from './compare-text.js';
import { LineInterner, type LineIndex } from './line-interner.js';
import type { FileEntry } from './merge-entry.js';

/** When a file counts as moved. */
export interface RenameOptions {
  /** How much of the larger file must be lines of the other for a move with changes; from 0 to 1, default 0.5. */
  similarity?: number;
  /** With more pairs than this to compare, only files of the same name are; default 250,000. */
  maxPairs?: number;
}

/**
 * Which files of `base` stand at another path in `side`, where it is: first those that are there unchanged,
 * then the most similar ones, of equally similar ones those of the same name. Links, submodules and empty
 * files are never taken for moved.
 *
 * @throws {MergeError} `invalid-argument` for what is no map of files; `invalid-option`
 */
export function findRenames(
  base: ReadonlyMap<string, FileEntry>,
  side: ReadonlyMap<string, FileEntry>,
  options: RenameOptions = {},
): Map<string, string> {
  checkTree('base', base);
  checkTree('side', side);
  checkRenameOptions(options);
  const { similarity = 0.5, maxPairs = 250_000 } = options;
  const interner = new LineInterner();
  const removed = movable(base, side, interner);
  const added = movable(side, base, interner);
  const renames = new Map<string, string>();
  const accept = (pairs: Pair[]): void => {
    const taken = new Set(renames.values());
    for (const { from, to } of pairs.sort(comparePairs)) {
      if (renames.has(from.path) || taken.has(to.path)) continue;
      renames.set(from.path, to.path);
      taken.add(to.path);
    }
  };
  accept(equalPairs(removed, added));
  const taken = new Set(renames.values());
  const changed = removed.filter(({ path }) => !renames.has(path));
  const open = added.filter(({ path }) => !taken.has(path));
  const sameNameOnly = changed.length * open.length > maxPairs;
  accept(similarPairs(changed, open, interner.classes, similarity, sameNameOnly));
  return renames;
}

/** @throws {MergeError} `invalid-option` */
export function checkRenameOptions(options: RenameOptions): void {
  checkOptions(options, {
    similarity: {
      expected: 'a number from 0 to 1',
      holds: (value) => typeof value === 'number' && value >= 0 && value <= 1,
    },
    maxPairs: {
      expected: 'a number of 0 or more',
      holds: (value) => typeof value === 'number' && value >= 0,
    },
  });
}

interface Candidate {
  path: string;
  name: string;
  lines: LineIndex;
}

interface Pair {
  from: Candidate;
  to: Candidate;
  score: number;
}

/** The files of `tree` whose path `other` does not have. */
function movable(
  tree: ReadonlyMap<string, FileEntry>,
  other: ReadonlyMap<string, FileEntry>,
  interner: LineInterner,
): Candidate[] {
  const found: Candidate[] = [];
  for (const [path, { mode, content }] of tree) {
    if (other.has(path) || !mode.startsWith('100') || content.length === 0) continue;
    const name = path.slice(path.lastIndexOf('/') + 1);
    found.push({ path, name, lines: interner.add(content) });
  }
  return found;
}

/** Pairs of equal files: those of the same name, then the others in the order of their paths. */
function equalPairs(removed: readonly Candidate[], added: readonly Candidate[]): Pair[] {
  const key = ({ lines }: Candidate): string => lines.ids.join();
  const targets = Map.groupBy(added, key);
  const pairs: Pair[] = [];
  for (const [ids, sources] of Map.groupBy(removed, key)) {
    const equal = targets.get(ids) ?? [];
    const named = Map.groupBy(equal, ({ name }) => name);
    const used = new Set<Candidate>();
    const unnamed = sources.filter((from) => {
      const to = named.get(from.name)?.shift();
      if (to === undefined) return true;
      used.add(to);
      pairs.push({ from, to, score: 1 });
      return false;
    });
    const rest = equal.filter((to) => !used.has(to));
    unnamed
      .slice(0, rest.length)
      .forEach((from, at) => pairs.push({ from, to: rest[at]!, score: 1 }));
  }
  return pairs;
}

function similarPairs(
  removed: readonly Candidate[],
  added: readonly Candidate[],
  classes: number,
  similarity: number,
  sameNameOnly: boolean,
): Pair[] {
  const counts = new Int32Array(classes);
  const pairs: Pair[] = [];
  for (const from of removed) {
    for (const id of from.lines.ids) counts[id]!++;
    for (const to of added) {
      if (sameNameOnly && to.name !== from.name) continue;
      const score = scorePair(from.lines, to.lines, counts, similarity);
      if (score >= similarity) pairs.push({ from, to, score });
    }
    for (const id of from.lines.ids) counts[id] = 0;
  }
  return pairs;
}

/** The share of the larger file that is lines of both; 0 when their sizes alone rule a move out. */
function scorePair(from: LineIndex, to: LineIndex, counts: Int32Array, similarity: number): number {
  const larger = Math.max(from.bytes.length, to.bytes.length);
  if (Math.min(from.bytes.length, to.bytes.length) < larger * similarity) return 0;
  let common = 0;
  for (let line = 0; line < to.count; line++) {
    if (counts[to.ids[line]!]!-- > 0) common += to.starts[line + 1]! - to.starts[line]!;
  }
  for (const id of to.ids) counts[id]!++;
  return common / larger;
}

function comparePairs(left: Pair, right: Pair): number {
  const sameName = (pair: Pair): number => (pair.from.name === pair.to.name ? 1 : 0);
  return (
    right.score - left.score ||
    sameName(right) - sameName(left) ||
    compareText(left.from.path, right.from.path) ||
    compareText(left.to.path, right.to.path)
  );
}
