import type { TreeView } from '@holdfast/validation';
import type { ContentReader } from '../source/contents.js';
import { hashBlob } from '@holdfast/manifest';
import type { Entry, FileMode, Snapshot, TreeChange } from '../ports.js';

/** A tree that can be asked what lies at a path, by id. */
export interface EntryTree {
  entry(path: string): Entry | undefined;
  hasFolder(path: string): boolean;
  read(path: string): Promise<Uint8Array | undefined>;
}

/** A snapshot as it is. */
export function snapshotTree(snapshot: Snapshot, contents: Pick<ContentReader, 'read'>): EntryTree {
  let folders: Set<string> | undefined;
  return {
    entry: (path) => snapshot.entries.get(path),
    hasFolder: (path) => (folders ??= foldersOf(snapshot.entries.keys())).has(path),
    async read(path) {
      const entry = snapshot.entries.get(path);
      return entry && entry.mode !== '160000' ? contents.read(entry.oid) : undefined;
    },
  };
}

/** A tree as it will be after changes. */
export function changedTree(tree: EntryTree, changes: readonly TreeChange[]): EntryTree {
  const changed = new Map(changes.map((change) => [change.path, change]));
  const written = changes.filter((change) => !('remove' in change)).map(({ path }) => path);
  const folders = foldersOf(written);
  return {
    entry(path) {
      const change = changed.get(path);
      if (!change) return tree.entry(path);
      if ('remove' in change) return undefined;
      const oid = 'oid' in change ? change.oid : hashBlob(change.content);
      return { oid, mode: change.mode };
    },
    hasFolder: (path) => folders.has(path) || tree.hasFolder(path),
    async read(path) {
      const change = changed.get(path);
      if (!change) return tree.read(path);
      return 'content' in change ? change.content : undefined;
    },
  };
}

const kinds: Record<FileMode, 'file' | 'symlink' | 'submodule'> = {
  '100644': 'file',
  '100755': 'file',
  '120000': 'symlink',
  '160000': 'submodule',
};

/** The tree as checks look at it. `onAsk` learns of every question and its answer. */
export function viewTree(
  tree: EntryTree,
  onAsk: (path: string, answer: string) => void = () => undefined,
): TreeView {
  return {
    kind(path) {
      const answer = kindOf(tree, path);
      onAsk(`kind ${path}`, answer ?? '');
      return answer;
    },
    read(path) {
      onAsk(`read ${path}`, tree.entry(path)?.oid ?? '');
      return tree.read(path);
    },
  };
}

/** Answers a question that {@link viewTree} reported, of another tree. */
export function askAgain(tree: EntryTree, question: string): string {
  const path = question.slice('kind '.length);
  return question.startsWith('kind ') ? (kindOf(tree, path) ?? '') : (tree.entry(path)?.oid ?? '');
}

function kindOf(tree: EntryTree, path: string): ReturnType<TreeView['kind']> {
  const entry = tree.entry(path);
  if (entry) return kinds[entry.mode];
  return path === '' || tree.hasFolder(path) ? 'directory' : undefined;
}

/** Every folder above the paths. */
export function foldersOf(paths: Iterable<string>): Set<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}
