import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findTargetTree } from '../files/target-folder.js';
import type { TargetTree } from '../files/target-folder.js';
import { CONFIGURATION_FILE } from '../open/read-configuration.js';

/**
 * The target around a folder, where it is to be asked about itself: no configuration lies between the
 * folder and the root of its work tree. One that lies further up is of something else.
 */
export async function findTargetHere(cwd: string): Promise<TargetTree | undefined> {
  const tree = await findTargetTree(cwd);
  if (!tree) return undefined;
  for (let folder = cwd; ; folder = dirname(folder)) {
    const found = await lstat(join(folder, CONFIGURATION_FILE)).catch(() => undefined);
    if (found) return undefined;
    if (folder === tree.root || folder === dirname(folder)) return tree;
  }
}
