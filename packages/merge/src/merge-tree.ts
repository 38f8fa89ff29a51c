import { checkMergeOptions, checkTrees } from './check-arguments.js';
import { compareText } from './compare-text.js';
import { checkRenameOptions, findRenames, type RenameOptions } from './find-renames.js';
import { findFolderMoves, followFolder } from './folder-moves.js';
import { mergeCheckedEntry, type EntryMerge, type FileEntry } from './merge-entry.js';
import type { MergeSides } from './merge-regions.js';
import type { MergeOptions } from './merge3.js';

/** The files of one version, by path. */
export type FileTree = ReadonlyMap<string, FileEntry>;

/** As for one file, and how moves are recognised. */
export interface TreeMergeOptions extends MergeOptions {
  /** How a file that moved is recognised; `false` takes every move for a removal and an addition. */
  renames?: RenameOptions | false;
}

/** What became of one file, and where it is now. */
export interface TreeOutcome {
  /** Where the result stands. */
  path: string;
  /** Where each side has the file, if it has it; they differ where it was moved. */
  paths: { base?: string; ours?: string; theirs?: string };
  /**
   * As for one file; and `moved-apart`: both sides moved it, to different places, `entry` is merged and
   * stands where ours has it; `path-collision`: other files come to stand at this path, or need it as a
   * folder (`with`, their paths), `result` is what it would be without them.
   */
  merge:
    | EntryMerge
    | { kind: 'moved-apart'; result: EntryMerge }
    | { kind: 'path-collision'; with: string[]; result: EntryMerge };
}

/**
 * Merges two versions of a set of files. A file that one side moved and the other changed is merged at its
 * new place; a file that one side added to a folder that the other moved as a whole moves along, as for
 * git with `merge.directoryRenames`. Every path of the three sides is in exactly one outcome (files that both sides removed too);
 * outcomes are sorted by path, then by where the base has the file.
 *
 * @throws {MergeError} `invalid-argument` for a side that is no map of files; `invalid-option` as `merge3`
 */
export function mergeTree(
  sides: MergeSides<FileTree>,
  options: TreeMergeOptions = {},
): TreeOutcome[] {
  checkTrees(sides);
  checkMergeOptions(options);
  const { renames = {} } = options;
  if (renames !== false) checkRenameOptions(renames);
  const moves = (side: FileTree): ReadonlyMap<string, string> =>
    renames === false ? new Map() : findRenames(sides.base, side, renames);
  const ourMoves = moves(sides.ours);
  const theirMoves = moves(sides.theirs);
  const folders = {
    ours: findFolderMoves(ourMoves, sides.ours),
    theirs: findFolderMoves(theirMoves, sides.theirs),
  };
  const outcomes: TreeOutcome[] = [];
  for (const path of sides.base.keys()) {
    outcomes.push(
      mergeKnown(
        sides,
        path,
        placeOf(path, sides.ours, ourMoves),
        placeOf(path, sides.theirs, theirMoves),
        folders,
        options,
      ),
    );
  }
  for (const one of mergeAdded(sides, { ours: ourMoves, theirs: theirMoves }, folders, options))
    outcomes.push(one);
  outcomes.sort(
    (left, right) =>
      compareText(left.path, right.path) ||
      compareText(left.paths.base ?? '', right.paths.base ?? ''),
  );
  return markCollisions(outcomes);
}

function placeOf(
  path: string,
  side: FileTree,
  moves: ReadonlyMap<string, string>,
): string | undefined {
  return side.has(path) ? path : moves.get(path);
}

function mergeKnown(
  sides: MergeSides<FileTree>,
  base: string,
  ours: string | undefined,
  theirs: string | undefined,
  folders: BothMoves,
  options: MergeOptions,
): TreeOutcome {
  const isMovedApart =
    ours !== undefined &&
    theirs !== undefined &&
    ours !== theirs &&
    ours !== base &&
    theirs !== base;
  const isTheirs = ours === undefined || ours === base;
  const place = (isTheirs ? theirs : ours) ?? ours ?? base;
  const isMovedOnce = place !== base && (ours === base || theirs === base);
  const path = isMovedOnce ? follow(place, isTheirs ? 'theirs' : 'ours', folders) : place;
  const result = mergeCheckedEntry(
    {
      base: sides.base.get(base),
      ours: ours === undefined ? undefined : sides.ours.get(ours),
      theirs: theirs === undefined ? undefined : sides.theirs.get(theirs),
    },
    options,
  );
  const merge = isMovedApart
    ? ({ kind: 'moved-apart', result } as const)
    : (movedAndDeleted(sides, base, ours, theirs, options) ?? result);
  return {
    path,
    paths: { base, ...(ours !== undefined && { ours }), ...(theirs !== undefined && { theirs }) },
    merge,
  };
}

/** A move is a change too: against a removal it conflicts even where the content is as it was. */
function movedAndDeleted(
  sides: MergeSides<FileTree>,
  base: string,
  ours: string | undefined,
  theirs: string | undefined,
  { favor }: MergeOptions,
): EntryMerge | undefined {
  if (favor === 'ours' || favor === 'theirs') return undefined;
  if (ours === undefined && theirs !== undefined && theirs !== base) {
    return { kind: 'modified-deleted', entry: sides.theirs.get(theirs)!, deletedBy: 'ours' };
  }
  if (theirs === undefined && ours !== undefined && ours !== base) {
    return { kind: 'modified-deleted', entry: sides.ours.get(ours)!, deletedBy: 'theirs' };
  }
  return undefined;
}

function mergeAdded(
  { base, ours, theirs }: MergeSides<FileTree>,
  moves: BothMoves,
  folders: BothMoves,
  options: MergeOptions,
): TreeOutcome[] {
  const ourTargets = new Set(moves.ours.values());
  const theirTargets = new Set(moves.theirs.values());
  const added = new Set<string>();
  for (const path of ours.keys()) if (!base.has(path) && !ourTargets.has(path)) added.add(path);
  for (const path of theirs.keys()) if (!base.has(path) && !theirTargets.has(path)) added.add(path);
  return [...added].map((path) => {
    const our = ourTargets.has(path) ? undefined : ours.get(path);
    const their = theirTargets.has(path) ? undefined : theirs.get(path);
    const place = our && their ? path : follow(path, our ? 'ours' : 'theirs', folders);
    return {
      path: place,
      paths: { ...(our && { ours: path }), ...(their && { theirs: path }) },
      merge: mergeCheckedEntry({ base: undefined, ours: our, theirs: their }, options),
    };
  });
}

/** What each side moved, from where to where. */
interface BothMoves {
  ours: ReadonlyMap<string, string>;
  theirs: ReadonlyMap<string, string>;
}

/** Where what only `side` put at `path` comes to stand: the other may have moved the folder. */
function follow(path: string, side: 'ours' | 'theirs', folders: BothMoves): string {
  const other = side === 'ours' ? folders.theirs : folders.ours;
  const place = followFolder(path, other);
  // A folder that both moved, apart, takes nothing along.
  return place !== path && followFolder(path, folders[side]) !== path ? path : place;
}

/** Two files cannot stand at one path, nor one where the other needs a folder. */
function markCollisions(outcomes: readonly TreeOutcome[]): TreeOutcome[] {
  const standing = Map.groupBy(outcomes.filter(isPresent), ({ path }) => path);
  const collisions = new Map<TreeOutcome, Set<string>>();
  const collide = (left: TreeOutcome, right: TreeOutcome): void => {
    collisions.set(left, (collisions.get(left) ?? new Set()).add(right.paths.base ?? right.path));
    collisions.set(right, (collisions.get(right) ?? new Set()).add(left.paths.base ?? left.path));
  };
  for (const [path, here] of standing) {
    here.forEach((left, index) => here.slice(index + 1).forEach((right) => collide(left, right)));
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      for (const file of standing.get(path.slice(0, slash)) ?? []) {
        for (const inside of here) collide(file, inside);
      }
    }
  }
  return outcomes.map((outcome) => {
    const others = collisions.get(outcome);
    if (others === undefined) return outcome;
    const { merge } = outcome;
    const result =
      merge.kind === 'moved-apart' || merge.kind === 'path-collision' ? merge.result : merge;
    return {
      ...outcome,
      merge: { kind: 'path-collision', with: [...others].sort(compareText), result },
    };
  });
}

function isPresent({ merge }: TreeOutcome): boolean {
  return merge.kind !== 'clean' || merge.entry !== undefined;
}
