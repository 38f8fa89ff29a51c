/** A git file mode: a file, an executable file, a symbolic link, or a submodule. */
export type FileMode = '100644' | '100755' | '120000' | '160000';

/** What lies at a path: the id of the content, and its mode. */
export interface TreeEntry {
  readonly oid: string;
  readonly mode: FileMode;
}

/** One path that differs between two trees; `old` and `new` are absent where the path is. */
export interface TreeDifference {
  readonly path: string;
  readonly kind: 'added' | 'modified' | 'removed';
  readonly old?: TreeEntry;
  readonly new?: TreeEntry;
}
