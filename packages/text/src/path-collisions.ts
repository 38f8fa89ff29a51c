import { compareText } from './compare-text.js';

/**
 * Paths that cannot lie beside each other on every file system:
 * - `duplicate`: the same path twice.
 * - `case`: they differ only in case.
 * - `unicode`: they differ only in Unicode form (or in form and case).
 * - `directory`: one is a file where the others need a directory, case and form aside.
 */
export interface PathCollision {
  readonly kind: 'duplicate' | 'case' | 'unicode' | 'directory';
  /** Two or more, sorted; for `directory` the file comes first. */
  readonly paths: readonly string[];
}

/**
 * Finds the paths that would overwrite or block each other where a file system folds case (as
 * Windows and macOS do) or Unicode form (as macOS does). Each group is told once; the outcome does
 * not depend on the order of the input, and is sorted. Directories that differ only in case are no
 * collision as long as their files do not meet: they become one directory, and nothing is lost.
 *
 * @returns an empty list when all is well.
 */
export function findPathCollisions(paths: Iterable<string>): PathCollision[] {
  const groups = groupByFoldedPath(paths);
  const collisions: PathCollision[] = [];
  for (const group of groups.values()) {
    if (group.length > 1)
      collisions.push({ kind: kindOfGroup(group), paths: group.sort(compareText) });
  }
  for (const [file, below] of findBlockedFiles(groups)) {
    collisions.push({ kind: 'directory', paths: [file, ...below.sort(compareText)] });
  }
  return collisions.sort((a, b) => compareText(a.paths.join('\0'), b.paths.join('\0')));
}

/** Case folded the way file systems do it: by way of upper case, so that ß, ſ and final sigma meet their like. */
function foldPath(path: string): string {
  if (/^[\x20-\x7e]*$/.test(path)) return path.toLowerCase();
  return path.normalize('NFD').toUpperCase().toLowerCase().normalize('NFC');
}

function groupByFoldedPath(paths: Iterable<string>): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const folded = foldPath(path);
    const group = groups.get(folded);
    if (group) group.push(path);
    else groups.set(folded, [path]);
  }
  return groups;
}

function kindOfGroup(paths: readonly string[]): PathCollision['kind'] {
  if (new Set(paths).size === 1) return 'duplicate';
  return new Set(paths.map((path) => path.normalize('NFC'))).size < new Set(paths).size
    ? 'unicode'
    : 'case';
}

/**
 * Every file whose folded path is also a folder of other paths, with those paths. Where `/` sorts before everything
 * else, what lies below a path follows it at once: no path is taken apart, however deep it is.
 */
function findBlockedFiles(groups: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const blocked = new Map<string, string[]>();
  const open: { readonly folder: string; readonly files: readonly string[] }[] = [];
  const folders = [...groups].sort(([a], [b]) => compareSlashFirst(a, b));
  for (const [folder, paths] of folders) {
    while (open.length > 0 && !folder.startsWith(open.at(-1)!.folder)) open.pop();
    for (const { files } of open) {
      for (const file of files) {
        const below = blocked.get(file);
        if (!below) blocked.set(file, [...paths]);
        else for (const path of paths) below.push(path);
      }
    }
    open.push({ folder: `${folder}/`, files: paths });
  }
  return blocked;
}

/** By UTF-16 units, with the slash before all others. */
function compareSlashFirst(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return (left === 47 ? -1 : left) - (right === 47 ? -1 : right);
  }
  return a.length - b.length;
}
