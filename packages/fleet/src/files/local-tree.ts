import type { FileMode } from '@holdfast/git';
import type { Finding, TreeView } from '@holdfast/validation';

/** One path of a tree that is validated; `oid` is there where its content is a git object. */
export interface LocalEntry {
  readonly path: string;
  readonly mode: FileMode;
  readonly oid?: string;
}

/**
 * The files of one work tree, index or commit, whichever is validated: what lies where, and a way to
 * read it. Paths are relative to `root`.
 */
export interface LocalTree {
  /** The folder of the work tree. */
  readonly root: string;
  /** What a report calls it. */
  readonly name: string;
  readonly entries: ReadonlyMap<string, LocalEntry>;
  /** Whole content; what cannot be read is a finding instead. */
  read(entry: LocalEntry): Promise<LocalContent>;
  /** What is wrong with the tree itself, such as names that cannot be read. */
  readonly problems: readonly Finding[];
}

export type LocalContent =
  | { readonly kind: 'read'; readonly content: Uint8Array }
  | { readonly kind: 'unreadable'; readonly finding: Finding };

const kinds = {
  '100644': 'file',
  '100755': 'file',
  '120000': 'symlink',
  '160000': 'submodule',
} as const;

/** The tree as the checks look at it. */
export function viewTree(tree: LocalTree): TreeView {
  let folders: ReadonlySet<string> | undefined;
  return {
    kind(path) {
      const entry = tree.entries.get(path);
      if (entry) return kinds[entry.mode];
      folders ??= foldersOf(tree.entries.keys());
      return path === '' || folders.has(path) ? 'directory' : undefined;
    },
    async read(path) {
      const entry = tree.entries.get(path);
      const result = entry && (await tree.read(entry));
      return result?.kind === 'read' ? result.content : undefined;
    },
  };
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

/** A file that is not checked, as a finding; only an error where its name promises text. */
export function unreadable(path: string, rule: string, message: string): LocalContent {
  const severity = /\.(?:mdc?|markdown|jsonc?|ya?ml)$/i.test(path) ? 'error' : 'warning';
  return { kind: 'unreadable', finding: { ruleId: `input/${rule}`, severity, message, path } };
}

/** What is said of a name that is no text; `path` is decoded with loss. */
export function damagedName(path: string): Finding {
  const message = 'its name is not valid UTF-8; it was not checked';
  return { ruleId: 'input/name', severity: 'warning', message, path };
}

/** As git decides it: a NUL among the first 8,000 bytes; UTF-16 with its mark is text. */
export function isBinary(content: Uint8Array): boolean {
  const [first, second] = content;
  const utf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return !utf16 && content.subarray(0, 8000).includes(0);
}
