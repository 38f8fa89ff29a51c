import type { Commit, LogRange } from '../repository.js';

/** What a walk reads; `parents` of a commit at a shallow repository's edge are none. */
export interface History {
  readCommit(oid: string): Promise<Commit>;
  /** What lies at the paths in a tree, as one text to compare. */
  describePaths(tree: string, paths: readonly string[]): Promise<string>;
}

const WANTED = 1;
const UNWANTED = 2;
const STALE = 4;

/** Commits in the order of their dates, newest first; of equal ones, the first put in. */
interface DateQueue {
  readonly commits: Commit[];
}

/**
 * Ids of the commits that are reachable from `to` and not from `not`, in the order of
 * `git rev-list --date-order`: newest first, no parent before its child.
 */
export async function listRange(
  history: History,
  to: readonly string[],
  not: readonly string[],
  paths?: readonly string[],
): Promise<string[]> {
  const { found, flags } = await paint(history, to, not);
  const isRelevant = (oid: string): boolean => flags.get(oid) === WANTED || not.includes(oid);
  const shown = new Set<string>();
  const edges = new Map<string, string[]>();
  const pending = to.filter((oid) => flags.get(oid) === WANTED);
  for (const oid of pending) {
    const commit = found.get(oid);
    if (commit === undefined || edges.has(oid)) continue;
    const touched = await touches(history, commit, found, isRelevant, paths);
    if (touched.shown) shown.add(oid);
    edges.set(oid, touched.follow);
    for (const one of touched.follow.filter((parent) => flags.get(parent) === WANTED))
      pending.push(one);
  }
  return sortByDate(to, edges, found).filter((oid) => shown.has(oid));
}

/** As `listRange`, for one range with its limit. */
export async function listLog(history: History, range: LogRange): Promise<string[]> {
  const { from, to, paths, limit } = range;
  if (paths?.length === 0) return [];
  const oids = await listRange(history, [to], from === undefined ? [] : [from], paths);
  return oids.slice(0, limit);
}

/** A best common ancestor: common, and not an ancestor of another common one. */
export async function findMergeBase(
  history: History,
  a: string,
  b: string,
): Promise<string | undefined> {
  if (a === b) return a;
  const bases = await findCommon(history, a, b);
  const best = [];
  for (const base of bases) {
    const others = bases.filter((other) => other !== base);
    const covered = await Promise.all(others.map((other) => reaches(history, other, base)));
    if (!covered.includes(true)) best.push(base);
  }
  return best[0];
}

/** Whether `ancestor` is reachable from `descendant`. */
export async function reaches(
  history: History,
  descendant: string,
  ancestor: string,
): Promise<boolean> {
  const seen = new Set([descendant]);
  for (const oid of seen) {
    if (oid === ancestor) return true;
    for (const parent of (await history.readCommit(oid)).parents) seen.add(parent);
  }
  return false;
}

/** Walks both sides at once, newest first, until all that is left is on the unwanted one. */
async function paint(history: History, to: readonly string[], not: readonly string[]) {
  const flags = new Map<string, number>();
  const found = new Map<string, Commit>();
  const queue: DateQueue = { commits: [] };
  const mark = async (oid: string, flag: number): Promise<void> => {
    const before = flags.get(oid) ?? 0;
    if ((before | flag) === before) return;
    flags.set(oid, before | flag);
    const known = found.get(oid);
    if (known === undefined) enqueue(queue, await history.readCommit(oid));
    else if (flag & UNWANTED) for (const parent of known.parents) await mark(parent, UNWANTED);
  };
  for (const oid of not) await mark(oid, UNWANTED);
  for (const oid of to) await mark(oid, WANTED);
  while (queue.commits.some(({ oid }) => !((flags.get(oid) ?? 0) & UNWANTED))) {
    const commit = queue.commits.shift();
    if (commit === undefined || found.has(commit.oid)) continue;
    found.set(commit.oid, commit);
    const flag = flags.get(commit.oid) ?? 0;
    for (const parent of commit.parents) await mark(parent, flag & UNWANTED ? UNWANTED : WANTED);
  }
  return { flags, found };
}

/** Git's default simplification: see "History Simplification" in `git log`'s manual. */
async function touches(
  history: History,
  commit: Commit,
  found: ReadonlyMap<string, Commit>,
  isRelevant: (oid: string) => boolean,
  paths: readonly string[] | undefined,
): Promise<{ shown: boolean; follow: string[] }> {
  const follow = [...commit.parents];
  if (paths === undefined) return { shown: true, follow };
  const here = await history.describePaths(commit.tree, paths);
  if (follow.length === 0) return { shown: here.trim() !== '', follow };
  const relevant = follow.filter(isRelevant);
  const considered = relevant.length > 0 ? relevant : follow;
  let changed = false;
  for (const parent of considered) {
    const { tree } = found.get(parent) ?? (await history.readCommit(parent));
    const same = tree === commit.tree || (await history.describePaths(tree, paths)) === here;
    if (same && relevant.includes(parent)) return { shown: false, follow: [parent] };
    changed ||= !same;
  }
  return { shown: changed, follow };
}

function sortByDate(
  tips: readonly string[],
  edges: ReadonlyMap<string, readonly string[]>,
  found: ReadonlyMap<string, Commit>,
): string[] {
  const children = new Map<string, number>();
  for (const parents of edges.values()) {
    for (const parent of parents) children.set(parent, (children.get(parent) ?? 0) + 1);
  }
  const queue: DateQueue = { commits: [] };
  const release = (oid: string): void => {
    const commit = edges.has(oid) ? found.get(oid) : undefined;
    if (commit !== undefined) enqueue(queue, commit);
  };
  new Set(tips).forEach((oid) => !children.has(oid) && release(oid));
  const sorted: string[] = [];
  for (let next = queue.commits.shift(); next !== undefined; next = queue.commits.shift()) {
    sorted.push(next.oid);
    for (const parent of edges.get(next.oid) ?? []) {
      const left = (children.get(parent) ?? 1) - 1;
      children.set(parent, left);
      if (left === 0) release(parent);
    }
  }
  return sorted;
}

/** Paints down from both commits; where the colours meet is common, and below it stale. */
async function findCommon(history: History, a: string, b: string): Promise<string[]> {
  const BOTH = WANTED | UNWANTED;
  const flags = new Map([
    [a, WANTED],
    [b, UNWANTED],
  ]);
  const queue: DateQueue = { commits: [] };
  for (const oid of flags.keys()) enqueue(queue, await history.readCommit(oid));
  const common: string[] = [];
  while (queue.commits.some(({ oid }) => !((flags.get(oid) ?? 0) & STALE))) {
    const commit = queue.commits.shift();
    if (commit === undefined) break;
    let flag = flags.get(commit.oid) ?? 0;
    if (flag === BOTH) {
      common.push(commit.oid);
      flag |= STALE;
    }
    for (const parent of commit.parents) {
      const before = flags.get(parent) ?? 0;
      if ((before | flag) === before) continue;
      flags.set(parent, before | flag);
      enqueue(queue, await history.readCommit(parent));
    }
  }
  return [...new Set(common)].filter((oid) => flags.get(oid) === BOTH);
}

function enqueue({ commits }: DateQueue, commit: Commit): void {
  let low = 0;
  let high = commits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = commits[middle];
    if (other !== undefined && other.committer.timestamp >= commit.committer.timestamp)
      low = middle + 1;
    else high = middle;
  }
  commits.splice(low, 0, commit);
}
