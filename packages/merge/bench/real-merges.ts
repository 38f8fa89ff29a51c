import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A file that both sides of a merge commit had changed, and what people made of it. */
export interface RealMerge {
  path: string;
  commit: string;
  base: Uint8Array;
  ours: Uint8Array;
  theirs: Uint8Array;
  people: Uint8Array;
}

export interface Selection {
  /** Merge commits looked at in a repository, evenly spread over its history. */
  maxCommits: number;
  /** Merges of one path at most, so that no single file decides. */
  maxPerPath: number;
  /** Longer files are left out. */
  maxBytes: number;
}

/** `directory` if it is a repository, else those in it, and in its directories. */
export function repositoriesIn(directory: string, depth = 2): string[] {
  const isRepository =
    existsSync(join(directory, '.git')) ||
    (existsSync(join(directory, 'HEAD')) && existsSync(join(directory, 'objects')));
  if (isRepository) return [directory];
  if (depth === 0) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => repositoriesIn(join(directory, name), depth - 1));
}

const CONFIGURATION = ['*.yaml', '*.yml', '*.json'];

/**
 * The merges of configuration files in the merge commits of a repository that have one merge base. Where
 * people took the file of one side as it was, nothing was merged: such are left out.
 */
export function* realMerges(repository: string, selection: Selection): Generator<RealMerge> {
  const git = openGit(repository);
  const commits = readCommits(git);
  const merges = spread(
    [...commits].filter(([, { parents }]) => parents.length === 2),
    selection.maxCommits,
  );
  const bases = new MergeBases(commits);
  const perPath = new Map<string, number>();
  const seen = new Set<string>();
  for (let from = 0; from < merges.length; from += COMMITS_AT_ONCE) {
    const found: FoundMerge[] = [];
    for (const merge of findMerges(
      git,
      bases,
      commits,
      merges.slice(from, from + COMMITS_AT_ONCE),
    )) {
      const count = perPath.get(merge.path) ?? 0;
      const key = merge.oids.join();
      if (seen.has(key) || count >= selection.maxPerPath) continue;
      seen.add(key);
      perPath.set(merge.path, count + 1);
      found.push(merge);
    }
    yield* readMerges(git, found, selection.maxBytes);
  }
}

const COMMITS_AT_ONCE = 100;

interface Commit {
  /** Its place among all commits. */
  order: number;
  tree: string;
  parents: string[];
}

/** A file that both sides had changed: the object ids of base, ours, theirs and what was committed. */
interface FoundMerge {
  path: string;
  commit: string;
  oids: string[];
}

function findMerges(
  git: Git,
  bases: MergeBases,
  commits: ReadonlyMap<string, Commit>,
  merges: readonly (readonly [string, Commit])[],
): FoundMerge[] {
  const trees = merges.flatMap(([commit, { tree, parents }]) => {
    const [our, their] = parents.map((parent) => commits.get(parent));
    if (our === undefined || their === undefined) return [];
    const base = bases.only(our, their)?.tree;
    if (base === undefined || base === our.tree || base === their.tree) return [];
    return [{ commit, tree, base, ours: our.tree, theirs: their.tree }];
  });
  const ours = diffTrees(
    git,
    trees.map(({ base, ours }) => [base, ours]),
  );
  const theirs = diffTrees(
    git,
    trees.map(({ base, theirs }) => [base, theirs]),
  );
  const people = diffTrees(
    git,
    trees.map(({ base, tree }) => [base, tree]),
  );
  return trees.flatMap(({ commit }, at) =>
    [...ours[at]!].flatMap(([path, our]) => {
      const their = theirs[at]!.get(path);
      if (their === undefined || their.to === our.to) return [];
      const result = people[at]!.get(path)?.to ?? our.from;
      const oids = [our.from, our.to, their.to, result];
      return oids.some(isAbsent) || result === our.to || result === their.to
        ? []
        : [{ path, commit, oids }];
    }),
  );
}

function readMerges(git: Git, found: readonly FoundMerge[], maxBytes: number): RealMerge[] {
  const blobs = readBlobs(git, [...new Set(found.flatMap(({ oids }) => oids))]);
  return found.flatMap(({ path, commit, oids }) => {
    const [base, ours, theirs, people] = oids.map((oid) => blobs.get(oid));
    if (!base || !ours || !theirs || !people) return [];
    const longest = Math.max(base.length, ours.length, theirs.length, people.length);
    return longest > maxBytes ? [] : [{ path, commit, base, ours, theirs, people }];
  });
}

type Git = (args: string[], input?: string) => Buffer;

function openGit(repository: string): Git {
  return (args, input) =>
    execFileSync('git', ['-C', repository, ...args], {
      maxBuffer: 1 << 30,
      stdio: ['pipe', 'pipe', 'ignore'],
      ...(input !== undefined && { input }),
    });
}

/** Its commits, each before its parents. */
function readCommits(git: Git): Map<string, Commit> {
  const lines = git(['log', '--all', '--topo-order', '--format=%H %T %P']).toString().trim();
  return new Map(
    lines.split('\n').map((line, order) => {
      const [commit = '', tree = '', ...parents] = line.split(' ');
      return [commit, { order, tree, parents: parents.filter((parent) => parent !== '') }];
    }),
  );
}

const OURS = 1;
const THEIRS = 2;
/** An ancestor of a merge base is none. */
const BEHIND = 4;

/** Finds the merge base of two commits; undefined where they have none or several. */
class MergeBases {
  #commits: ReadonlyMap<string, Commit>;
  #inOrder: readonly Commit[];
  #flags: Uint8Array;

  constructor(commits: ReadonlyMap<string, Commit>) {
    this.#commits = commits;
    this.#inOrder = [...commits.values()];
    this.#flags = new Uint8Array(commits.size);
  }

  only(ours: Commit, theirs: Commit): Commit | undefined {
    const flags = this.#flags.fill(0);
    const bases: Commit[] = [];
    let open = 0;
    const mark = ({ order }: Commit, flag: number): void => {
      const before = flags[order]!;
      const after = before | flag;
      flags[order] = after;
      const isOpen = (value: number): number => (value !== 0 && value < BEHIND ? 1 : 0);
      open += isOpen(after) - isOpen(before);
    };
    mark(ours, OURS);
    mark(theirs, THEIRS);
    for (let order = Math.min(ours.order, theirs.order); open > 0; order++) {
      const flag = flags[order]!;
      if (flag === 0) continue;
      if (flag < BEHIND) open--;
      const commit = this.#inOrder[order]!;
      const isBase = flag === (OURS | THEIRS);
      if (isBase) bases.push(commit);
      for (const id of commit.parents) {
        const parent = this.#commits.get(id);
        if (parent !== undefined) mark(parent, isBase ? flag | BEHIND : flag);
      }
    }
    return bases.length === 1 ? bases[0] : undefined;
  }
}

/** For each pair of trees, the object ids of the configuration files in which they differ. */
function diffTrees(
  git: Git,
  pairs: readonly (readonly [string, string])[],
): Map<string, { from: string; to: string }>[] {
  const input = pairs.map((pair) => `${pair.join(' ')}\n`).join('');
  const args = [
    'diff-tree',
    '--stdin',
    '-r',
    '--raw',
    '--no-renames',
    '--no-abbrev',
    '-z',
    '--always',
  ];
  const fields = git([...args, '--', ...CONFIGURATION], input)
    .toString()
    .split('\0');
  const byPair = new Map<string, Map<string, { from: string; to: string }>>();
  let current = new Map<string, { from: string; to: string }>();
  for (let at = 0; at < fields.length; at++) {
    // The heading of a pair ends in a line feed, even here.
    let field = fields[at]!;
    const heading = /^(\w{40,} \w{40,})\n/.exec(field);
    if (heading !== null) {
      current = new Map();
      byPair.set(heading[1]!, current);
      field = field.slice(heading[0].length);
    }
    const change = /^:\d+ \d+ (\w+) (\w+) \w+$/.exec(field);
    if (change !== null) current.set(fields[++at]!, { from: change[1]!, to: change[2]! });
  }
  return pairs.map((pair) => byPair.get(pair.join(' ')) ?? new Map());
}

function readBlobs(git: Git, oids: readonly string[]): Map<string, Uint8Array> {
  const blobs = new Map<string, Uint8Array>();
  const output = git(['cat-file', '--batch'], oids.map((oid) => `${oid}\n`).join(''));
  let at = 0;
  while (at < output.length) {
    const end = output.indexOf(0x0a, at);
    const [oid = '', kind, size] = output.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (kind === 'missing') continue;
    if (kind === 'blob') blobs.set(oid, new Uint8Array(output.subarray(at, at + Number(size))));
    at += Number(size) + 1;
  }
  return blobs;
}

function isAbsent(oid: string): boolean {
  return /^0+$/.test(oid);
}

function spread<T>(items: readonly T[], max: number): T[] {
  if (items.length <= max) return [...items];
  return Array.from({ length: max }, (_, at) => items[Math.floor((at * items.length) / max)]!);
}
