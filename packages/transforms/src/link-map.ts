import { createHash } from 'node:crypto';

/** A source file and the path at which a target repository receives it. */
export interface LinkedDelivery {
  source: string;
  target: string;
}

/** What became of a path of the source in one target repository. */
export type LinkResolution =
  | { kind: 'delivered'; targetPath: string }
  | { kind: 'undelivered' }
  | { kind: 'internal' }
  | { kind: 'missing' };

/**
 * Where the paths of one source release are found in one target repository: what links are rewritten by.
 * Paths are repository-relative, with `/`, without a leading or trailing one; `''` is the root folder.
 */
export interface LinkMap {
  /** SHA-256 over everything that the answers depend on. */
  readonly digest: string;
  /**
   * Files and folders alike. A folder counts as delivered where a file beneath it is, at the place that
   * most of its files agree on. A file that is delivered twice resolves to the place nearest to `near`,
   * the target path of the file that links to it.
   */
  resolve(sourcePath: string, near?: string): LinkResolution;
  /** The source path that is delivered to a target path: a file's, or a folder's. */
  sourceOf(targetPath: string): string | undefined;
}

/** What {@link createLinkMap} is made of. */
export interface LinkMapOptions {
  /** Of **all** rules to the same target repository. */
  deliveries: Iterable<LinkedDelivery>;
  /** All files of the source at the release. */
  sourcePaths: Iterable<string>;
  /** Whether a path, which need not exist, is never to be linked to. Default: none is. */
  isInternal?: (sourcePath: string) => boolean;
}

/**
 * Builds the map by which links are rewritten for one target repository.
 *
 * @example
 * const links = createLinkMap({
 *   deliveries: [{ source: 'core/a.md', target: 'docs/a.md' }],
 *   sourcePaths: ['core/a.md', 'core/b.md'],
 * });
 * links.resolve('core/a.md'); // { kind: 'delivered', targetPath: 'docs/a.md' }
 * links.resolve('core/b.md'); // { kind: 'undelivered' }
 * links.resolve('core/c.md'); // { kind: 'missing' }
 */
export function createLinkMap({
  deliveries,
  sourcePaths,
  isInternal = () => false,
}: LinkMapOptions): LinkMap {
  const targets = new Map<string, string[]>();
  const sources = new Map<string, string>();
  for (const { source, target } of deliveries) {
    const known = targets.get(source);
    if (known === undefined) targets.set(source, [target]);
    else if (!known.includes(target)) known.push(target);
    sources.set(target, source);
  }
  const paths = new Set(sourcePaths);
  const folders = lazy(() => mapFolders(targets));
  const sourceFolders = lazy(() => ancestorsOfAll(paths));
  const digest = lazy(() => digestMap(targets, paths, isInternal));

  return {
    get digest() {
      return digest();
    },
    resolve(sourcePath, near = '') {
      if (isInternal(sourcePath)) return { kind: 'internal' };
      const places = targets.get(sourcePath) ?? folders().targets.get(sourcePath);
      if (places !== undefined) return { kind: 'delivered', targetPath: nearest(places, near) };
      const exists = paths.has(sourcePath) || sourceFolders().has(sourcePath);
      return { kind: exists ? 'undelivered' : 'missing' };
    },
    sourceOf(targetPath) {
      return sources.get(targetPath) ?? folders().sources.get(targetPath);
    },
  };
}

/** Of the places of one file, the one that shares most folders with `near`; of equals, the first by name. */
function nearest(places: readonly string[], near: string): string {
  let best = places[0] as string;
  let bestDepth = sharedFolders(best, near);
  for (const place of places.slice(1)) {
    const depth = sharedFolders(place, near);
    if (depth > bestDepth || (depth === bestDepth && place < best)) {
      best = place;
      bestDepth = depth;
    }
  }
  return best;
}

function sharedFolders(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
  const limit = Math.min(left.length, right.length) - 1;
  let count = 0;
  while (count < limit && left[count] === right[count]) count++;
  return count;
}

interface FolderMap {
  targets: Map<string, string[]>;
  sources: Map<string, string>;
}

/**
 * A delivery `core/a/x.md` → `docs/a/x.md` says that the folder `core/a` is at `docs/a`, and `core` at
 * `docs`, for as long as the trailing segments agree. Each folder goes where most of its files say.
 */
function mapFolders(files: ReadonlyMap<string, readonly string[]>): FolderMap {
  const votes = countVotes(files);
  const targets = new Map<string, string[]>();
  const sources = new Map<string, string>();
  for (const [folder, counts] of votes) {
    const [[winner]] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)) as [
      [string, number],
    ];
    targets.set(folder, [winner]);
    if (!sources.has(winner)) sources.set(winner, folder);
  }
  return { targets, sources };
}

/** By source folder, how many files say that it is at which target folder. */
function countVotes(
  files: ReadonlyMap<string, readonly string[]>,
): Map<string, Map<string, number>> {
  const votes = new Map<string, Map<string, number>>();
  const pairs: { readonly from: string; readonly to: string }[] = [];

  /** Adds votes for a pair; true when it is a new one. */
  function vote(from: string, to: string, count: number): boolean {
    const counts = votes.get(from) ?? new Map<string, number>();
    votes.set(from, counts);
    const known = counts.get(to);
    counts.set(to, (known ?? 0) + count);
    if (known === undefined) pairs.push({ from, to });
    return known === undefined;
  }

  for (const [source, places] of files) {
    for (const target of places) {
      let [from, to] = [parentOf(source), parentOf(target)];
      // What is above a pair that is known is known as well; its votes are passed on below.
      for (let isNew = vote(from, to, 1); isNew && agree(from, to); isNew = vote(from, to, 0)) {
        [from, to] = [parentOf(from), parentOf(to)];
      }
    }
  }
  // From the deepest up: each pair passes on all its votes once, however many files are below it.
  for (const { from, to } of pairs.sort((a, b) => b.from.length - a.from.length)) {
    const count = votes.get(from)?.get(to) ?? 0;
    if (agree(from, to)) vote(parentOf(from), parentOf(to), count);
  }
  return votes;
}

/** Whether two folders say something of those above them. */
function agree(from: string, to: string): boolean {
  return from !== '' && to !== '' && nameOf(from) === nameOf(to);
}

function ancestorsOfAll(paths: Iterable<string>): Set<string> {
  const folders = new Set<string>(['']);
  for (const path of paths) {
    for (let folder = parentOf(path); !folders.has(folder); folder = parentOf(folder)) {
      folders.add(folder);
    }
  }
  return folders;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Every path is written with its length-independent separator (NUL, which no path holds). */
function digestMap(
  targets: ReadonlyMap<string, readonly string[]>,
  paths: ReadonlySet<string>,
  isInternal: (path: string) => boolean,
): string {
  const hash = createHash('sha256');
  for (const path of new Set([...paths, ...targets.keys()].sort())) {
    const places = [...(targets.get(path) ?? [])].sort();
    hash.update([path, isInternal(path) ? 'internal' : '', ...places].join('\0') + '\0\0');
  }
  return hash.digest('hex');
}

function lazy<T>(compute: () => T): () => T {
  let known: { value: T } | undefined;
  return () => (known ??= { value: compute() }).value;
}
