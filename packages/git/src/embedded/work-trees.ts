import { listWorkTrees } from '../files/work-trees.js';
import type { RefUpdate } from '../repository.js';
import { unsupported } from './unsupported.js';

/** Fails with `unsupported` if a ref that is about to move is checked out in some work tree. */
export function checkNotCheckedOut(
  moves: readonly RefUpdate[],
  { common, bare }: { readonly common: string; readonly bare: boolean },
): void {
  for (const { branch, path } of listWorkTrees(common, bare)) {
    if (!moves.some(({ ref }) => ref === branch)) continue;
    throw unsupported(`${branch} is checked out in ${path}, which would have to follow`);
  }
}
