import type { TreeEntryKind, TreeView, ValidationFile } from './validation-file.js';

/** A tree view that can also name what differs from a path in case only. */
export interface FileTree extends TreeView {
  /** The file among those laid over the tree. */
  file(path: string): ValidationFile | undefined;
  /** A delivered path that equals this one when case is folded, and is another. */
  otherCase(path: string): string | undefined;
}

/** A tree that holds nothing: the files given to `validate` then are all there is. */
export const emptyTree: TreeView = {
  kind: () => undefined,
  read: () => Promise.resolve(undefined),
};

/** Lays files over a tree: what they say wins, and their parents are directories. */
export function layFilesOver(files: readonly ValidationFile[], base?: TreeView): FileTree {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const directories = new Set(['']);
  const folded = new Map<string, string>();
  for (const { path } of files) {
    folded.set(path.toLowerCase(), path);
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const directory = path.slice(0, end);
      if (directories.has(directory)) break;
      directories.add(directory);
    }
  }

  return {
    file: (path) => byPath.get(path),
    kind(path) {
      const file = byPath.get(path);
      if (file) return kindOfMode(file);
      return directories.has(path) ? 'directory' : base?.kind(path);
    },
    async read(path) {
      return byPath.get(path)?.content ?? (await base?.read(path));
    },
    otherCase(path) {
      const other = folded.get(path.toLowerCase());
      return other === path ? undefined : other;
    },
  };
}

function kindOfMode({ mode }: ValidationFile): TreeEntryKind {
  if (mode === '120000') return 'symlink';
  return mode === '160000' ? 'submodule' : 'file';
}
