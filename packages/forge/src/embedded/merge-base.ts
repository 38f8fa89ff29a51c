import type { Branches } from './observe-request.js';
import type { ForgeRepository } from './repository-port.js';

/** Where a head commit leaves its base branch; null when that has no branch or no commit in common. */
export async function findMergeBase(
  repository: ForgeRepository,
  branches: Branches,
  { base, headCommit }: { base: string; headCommit: string },
): Promise<string | null> {
  const tip = branches.get(base);
  return tip === undefined ? null : ((await repository.mergeBase(tip, headCommit)) ?? null);
}
