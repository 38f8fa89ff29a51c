import type { TreeDifference, TreeEntry } from '../port/tree-difference.js';
import type { ForgeRepository, TreeChange } from './repository-port.js';

/** Three versions of a file that both sides changed; `base` is absent when both added it. */
export interface MergeInput {
  readonly path: string;
  readonly base?: Uint8Array;
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array;
}

/** What came of merging one file. */
export type MergedFile =
  { readonly kind: 'clean'; readonly content: Uint8Array } | { readonly kind: 'conflicted' };

/** Merges the content of one file. */
export type MergeFile = (input: MergeInput) => MergedFile | Promise<MergedFile>;

/** The commits of a three-way merge. */
export interface MergeCommits {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

/** `changes` make the merged tree out of the tree of `onto`. */
export type MergedTrees =
  | { readonly kind: 'clean'; readonly onto: string; readonly changes: readonly TreeChange[] }
  | { readonly kind: 'conflicted'; readonly paths: readonly string[] };

/**
 * Merges two commits by the ids and modes in their trees; content is read only of files that both
 * sides changed differently, and only where `mergeFile` is given. Renames are a removal and an
 * addition. A conflict: a file that one side changed and the other removed; links, submodules and
 * modes that both changed differently; a file where the other side put a folder; a name that is not
 * valid UTF-8; a file that `mergeFile` cannot merge.
 */
export async function mergeTrees(
  repository: ForgeRepository,
  { base, ours, theirs }: MergeCommits,
  mergeFile?: MergeFile,
): Promise<MergedTrees> {
  if (base === ours) return { kind: 'clean', onto: theirs, changes: [] };
  const our = await repository.diffTrees(base, ours);
  const their = await repository.diffTrees(base, theirs);
  const conflicts = new Set(findClashes(our, their));
  const changes: TreeChange[] = [];
  const ourByPath = new Map(our.map((difference) => [difference.path, difference]));
  for (const difference of their) {
    const path = difference.path;
    const merged = isReadable(path)
      ? mergeEntry(ourByPath.get(path), difference)
      : ({ kind: 'conflicted' } as const);
    if (merged.kind === 'take') changes.push(toChange(path, merged.entry));
    if (merged.kind === 'conflicted') conflicts.add(path);
    if (merged.kind !== 'merge-content') continue;
    const content = mergeFile && (await mergeContent(repository, { path, ...merged }, mergeFile));
    if (content === undefined) conflicts.add(path);
    else changes.push({ path, mode: merged.mode, content });
  }
  if (conflicts.size > 0) return { kind: 'conflicted', paths: [...conflicts].sort() };
  return { kind: 'clean', onto: ours, changes };
}

/** A name that is not valid UTF-8 comes with U+FFFD in it, and cannot be written back. */
function isReadable(path: string): boolean {
  return !path.includes('\ufffd');
}

type MergedEntry =
  | { readonly kind: 'keep' }
  | { readonly kind: 'take'; readonly entry: TreeEntry | undefined }
  | { readonly kind: 'conflicted' }
  | ({ readonly kind: 'merge-content'; readonly mode: TreeEntry['mode'] } & ContentIds);

interface ContentIds {
  readonly base: string | undefined;
  readonly ours: string;
  readonly theirs: string;
}

function mergeEntry(our: TreeDifference | undefined, their: TreeDifference): MergedEntry {
  if (our === undefined) return { kind: 'take', entry: their.new };
  const [base, ours, theirs] = [their.old, our.new, their.new];
  if (ours?.oid === theirs?.oid && ours?.mode === theirs?.mode) return { kind: 'keep' };
  if (ours === undefined || theirs === undefined) return { kind: 'conflicted' };
  const mergeable = [base ?? ours, ours, theirs].every(isFile);
  const mode = pick(base?.mode, ours.mode, theirs.mode);
  if (!mergeable || mode === undefined) return { kind: 'conflicted' };
  const oid = pick(base?.oid, ours.oid, theirs.oid);
  if (oid !== undefined) return { kind: 'take', entry: { oid, mode } };
  return { kind: 'merge-content', mode, base: base?.oid, ours: ours.oid, theirs: theirs.oid };
}

/** The one value that a three-way merge yields; undefined when both sides chose differently. */
function pick<T>(base: T | undefined, ours: T, theirs: T): T | undefined {
  if (ours === theirs || theirs === base) return ours;
  return ours === base ? theirs : undefined;
}

function isFile({ mode }: TreeEntry): boolean {
  return mode === '100644' || mode === '100755';
}

function toChange(path: string, entry: TreeEntry | undefined): TreeChange {
  return entry === undefined ? { path, remove: true } : { path, ...entry };
}

async function mergeContent(
  repository: ForgeRepository,
  { path, base, ours, theirs }: ContentIds & { path: string },
  mergeFile: MergeFile,
): Promise<Uint8Array | undefined> {
  const contents = new Map<string, Uint8Array>();
  const oids = [...new Set([base ?? ours, ours, theirs])];
  for await (const { oid, content } of repository.readBlobs(oids)) contents.set(oid, content);
  const ancestor = base === undefined ? {} : { base: contents.get(base)! };
  const merged = await mergeFile({
    path,
    ...ancestor,
    ours: contents.get(ours)!,
    theirs: contents.get(theirs)!,
  });
  return merged.kind === 'clean' ? merged.content : undefined;
}

/**
 * The paths where one side added a file and the other added one beneath it. Only additions can
 * clash so: whatever was in the base is either untouched by one side or in conflict by itself.
 */
function findClashes(our: readonly TreeDifference[], their: readonly TreeDifference[]): string[] {
  const ourAdded = addedPaths(our);
  const theirAdded = addedPaths(their);
  return [...underFiles(ourAdded, theirAdded), ...underFiles(theirAdded, ourAdded)];
}

function addedPaths(differences: readonly TreeDifference[]): Set<string> {
  const added = differences.filter(({ kind }) => kind === 'added');
  return new Set(added.map(({ path }) => path));
}

/** The paths of `files` that are folders in `paths`. */
function underFiles(files: ReadonlySet<string>, paths: ReadonlySet<string>): string[] {
  const clashes: string[] = [];
  for (const path of paths) {
    for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
      const folder = path.slice(0, end);
      if (files.has(folder)) clashes.push(folder);
    }
  }
  return clashes;
}
