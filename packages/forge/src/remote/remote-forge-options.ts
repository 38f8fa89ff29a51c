import type { TreeDifference } from '../port/tree-difference.js';
import type { RemoteApi } from './remote-api.js';

/** The repository behind a remote forge, as far as `diff` looks at it. */
export interface DiffRepository {
  resolveCommit(revision: string): Promise<{ readonly oid: string } | undefined>;
  mergeBase(a: string, b: string): Promise<string | undefined>;
  diffTrees(from: string | null, to: string): Promise<readonly TreeDifference[]>;
}

/** What a remote forge stands on beside the calls. */
export interface RemoteForgeOptions {
  readonly api: RemoteApi;
  readonly repository: DiffRepository;
  readonly sleep: (milliseconds: number) => Promise<void>;
}
