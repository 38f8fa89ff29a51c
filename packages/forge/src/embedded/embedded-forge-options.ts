import type { ForgeError } from '../port/forge-error.js';
import type { MergeFile } from './merge-trees.js';
import type { ForgeRepository } from './repository-port.js';

/** Who acts: the author and committer of what the forge writes. */
export interface Actor {
  readonly name: string;
  readonly email: string;
}

/** What the embedded forge stands on. */
export interface EmbeddedForgeOptions {
  readonly repository: ForgeRepository;
  /** The present; every date that is written comes from it. */
  readonly clock: () => Date;
  readonly actor: Actor;
  /** Merges a file that both branches changed. Default: such a file is a conflict. */
  readonly mergeFile?: MergeFile;
  /** Told of each damaged request that a listing leaves out. */
  readonly onDamaged?: (error: ForgeError) => void;
}
