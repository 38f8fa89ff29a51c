import type { Manifest } from '@holdfast/manifest';
import type { Outcome, PlannedCommit, PlannedRequest, PlannedSource } from '../plan.js';

/** What becomes one commit and one change request: a planned item, or those of one group. */
export interface Change {
  /** The last part of the branch: the id of the rule, or the name of the group. */
  readonly name: string;
  /** The ids of the rules. */
  readonly rules: readonly string[];
  readonly target: string;
  readonly source: PlannedSource;
  readonly outcomes: readonly Outcome[];
  /** The manifests that the commit writes, by path. */
  readonly manifests: ReadonlyMap<string, Manifest>;
  readonly commit: PlannedCommit;
  readonly request: PlannedRequest;
}

/** What applying needs beside the plan and the target. */
export interface ApplyOptions {
  readonly namespace: string;
  /** How a request is merged that merges itself. */
  readonly method: 'merge' | 'squash';
  /** Whether a commit of the source lies before another. */
  readonly isEarlier: (commit: string, than: string) => Promise<boolean>;
  /** How many requests of the namespace may be open in the target. Default: any number. */
  readonly openRequests?: number;
}
