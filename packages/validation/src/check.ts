import type { DocumentReader } from './document-reader.js';
import type { FileTree } from './file-tree.js';
import type { Finding } from './finding.js';
import type { ValidationLimits } from './limits.js';

/** A file's mode as git writes it; a symbolic link and a submodule have no text to check. */
export type FileMode = '100644' | '100755' | '120000' | '160000';

/** One file to check. */
export interface ValidationFile {
  /** Its path in the target, with forward slashes and no leading one. */
  path: string;
  content: Uint8Array;
  mode: FileMode;
  /** Where it came from in the source; the path itself if absent. */
  sourcePath?: string;
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

/** What the checks know beside the files. */
export interface ValidationContext {
  /** The rule under which the files are delivered; the name of the run when there is no rule. */
  ruleId: string;
  /** When the run took place: the clock is the caller's. */
  runAt: Date;
  /** The release's tag, or what stands in its place. */
  sourceVersion: string;
  /** Left out where only the files themselves can be looked at: the files then are the tree. */
  tree?: TreeView;
  /** Default: {@link defaultLimits}. */
  limits?: Partial<ValidationLimits>;
}

/** What a check is given: the files, and one shared reader that parses each document once. */
export interface CheckInput {
  /** The files in the order of their paths, each path once. */
  files: readonly ValidationFile[];
  documents: DocumentReader;
  /** The files laid over the target's tree. */
  tree: FileTree;
  ruleId: string;
  sourceVersion: string;
  limits: Readonly<ValidationLimits>;
}

/** What a check found: `details` is the one line that the report shows for it. */
export interface CheckResult {
  findings: Finding[];
  details: string;
  /** True when there was nothing that this check could have looked at. */
  skipped?: boolean;
}

/** One gate. */
export interface Check {
  /** Its name in the report, in snake case. */
  id: string;
  /** What it cannot do without; where the context lacks it, the check is reported as skipped, with the reason. */
  needs: readonly CheckNeed[];
  /** `block`: an error stops the change request. `warn`: errors are reported as warnings. */
  failureAction: 'block' | 'warn';
  run(input: CheckInput): Promise<CheckResult> | CheckResult;
}

/** `files`: at least one file. `tree`: the target's tree in the context. */
export type CheckNeed = 'files' | 'tree';
