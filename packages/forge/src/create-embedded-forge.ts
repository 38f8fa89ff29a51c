import type { ForgeError } from './forge-error.js';
import type { Forge } from './forge.js';
import type { ForgeRepository } from './repository-port.js';

/** Who acts: the author and committer of what the forge writes. */
export interface Actor {
  readonly name: string;
  readonly email: string;
}

/** Three versions of a file that both sides changed; `base` is absent when both added it. */
export interface MergeInput {
  readonly path: string;
  readonly base?: Uint8Array;
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array;
}

/** What came of merging one file. */
export type MergedFile =
  { readonly kind: 'clean'; readonly content: Uint8Array } | { readonly kind: 'conflicted' };

/** What the embedded forge stands on. */
export interface EmbeddedForgeOptions {
  readonly repository: ForgeRepository;
  /** The present; every date that is written comes from it. */
  readonly clock: () => Date;
  readonly actor: Actor;
  /** Merges a file that both branches changed. Default: such a file is a conflict. */
  readonly mergeFile?: (input: MergeInput) => MergedFile | Promise<MergedFile>;
  /** Told of each damaged request that a listing leaves out. */
  readonly onDamaged?: (error: ForgeError) => void;
}

/**
 * Change requests of a bare or local repository, kept in that repository under the one ref
 * `refs/holdfast/requests`.
 */
export function createEmbeddedForge(options: EmbeddedForgeOptions): Forge {
  throw new Error(`not built yet: ${options.repository.location}`);
}
