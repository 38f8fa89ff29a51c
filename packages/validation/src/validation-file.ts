import type { Finding } from '@holdfast/findings';
import type { FileMode } from '@holdfast/text';

/** One file to check. */
export interface ValidationFile {
  /** Its path in the target, with forward slashes and no leading one. */
  path: string;
  content: Uint8Array;
  mode: FileMode;
  /** Where it came from in the source; the path itself if absent. */
  sourcePath?: string;
  /**
   * `target` for text that is the downstream's own: customised, an override, an undecided conflict. What is wrong with it
   * is told as a warning that names the owner, for no delivery can mend it. A merged file has two owners: which of them
   * a finding is about, its function says. Default: the source's.
   */
  owner?: 'source' | 'target' | ((finding: Finding) => 'source' | 'target');
  /** The SHA-256 in hexadecimal that the content must have. */
  expectedSha256?: string;
}

/** The target's tree as it will be once the files are merged; the files given to `validate` are laid over it. */
export interface TreeView {
  /** What lies at a path; undefined where nothing does. The empty path is the root directory. */
  kind(path: string): TreeEntryKind | undefined;
  /** The content of a file; undefined where there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
}

export type TreeEntryKind = 'file' | 'directory' | 'symlink' | 'submodule';
