import type { FileEntry } from './merge-entry.js';

/**
 * Which folders moved with all that was in them, by their old path: as git has it, to where most of their
 * files went, and only if no file is left behind; undecided ones did not move.
 *
 * @param moves files that moved, from where to where
 * @param side the files that are there now
 */
export function findFolderMoves(
  moves: ReadonlyMap<string, string>,
  side: ReadonlyMap<string, FileEntry>,
): Map<string, string> {
  const counts = new Map<string, Map<string, number>>();
  for (const [from, to] of moves) countFolders(from, to, counts);
  const left = new Set<string>();
  if (counts.size > 0) for (const path of side.keys()) addFolders(path, left);
  const folders = new Map<string, string>();
  for (const [folder, targets] of counts) {
    if (left.has(folder)) continue;
    const [best, second] = [...targets].sort((a, b) => b[1] - a[1]);
    if (best !== undefined && best[1] !== second?.[1]) folders.set(folder, best[0]);
  }
  return folders;
}

/** Where `path` is when the innermost of its folders that moved takes it along; else where it was. */
export function followFolder(path: string, folders: ReadonlyMap<string, string>): string {
  if (folders.size === 0) return path;
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
    const to = folders.get(path.slice(0, at));
    if (to !== undefined) return to === '' ? path.slice(at + 1) : to + path.slice(at);
  }
  return path;
}

/** Counts a move for the folder of the file, and for those above it that it does not change. */
function countFolders(from: string, to: string, counts: Map<string, Map<string, number>>): void {
  let [old, now] = [parentOf(from), parentOf(to)];
  while (old !== now && old !== '') {
    const targets = counts.get(old) ?? new Map<string, number>();
    counts.set(old, targets.set(now, (targets.get(now) ?? 0) + 1));
    if (nameOf(old) !== nameOf(now)) return;
    [old, now] = [parentOf(old), parentOf(now)];
  }
}

function addFolders(path: string, folders: Set<string>): void {
  for (
    let folder = parentOf(path);
    folder !== '' && !folders.has(folder);
    folder = parentOf(folder)
  ) {
    folders.add(folder);
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
