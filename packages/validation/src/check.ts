import type { DocumentReader } from './document-reader.js';
import type { FileTree } from './file-tree.js';
import type { Finding } from '@holdfast/findings';
import type { ValidationLimits } from './limits.js';
import type { TreeView, ValidationFile } from './validation-file.js';

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
  /** How many more there are in a file than were made into findings, by path. Default: none. */
  omitted?: ReadonlyMap<string, number>;
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
