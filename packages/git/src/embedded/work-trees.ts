import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RefUpdate } from '../repository.js';
import { readText } from './find-repository.js';
import { unsupported } from './unsupported.js';

/** Fails with `unsupported` if a ref that is about to move is checked out in some work tree. */
export async function checkNotCheckedOut(
  moves: readonly RefUpdate[],
  { common, bare }: { readonly common: string; readonly bare: boolean },
): Promise<void> {
  for (const { ref, worktree } of await listCheckedOut(common, bare)) {
    if (!moves.some((move) => move.ref === ref)) continue;
    throw unsupported(`${ref} is checked out in ${worktree}, which would have to follow`);
  }
}

async function listCheckedOut(
  common: string,
  bare: boolean,
): Promise<{ ref: string | undefined; worktree: string }[]> {
  const main = bare ? [] : [{ ref: await readHead(common), worktree: dirname(common) }];
  const names = await readdir(join(common, 'worktrees')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const linked = names.map(async (name) => {
    const directory = join(common, 'worktrees', name);
    const dotGit = (await readText(join(directory, 'gitdir')))?.trim();
    const isThere = dotGit !== undefined && (await readText(dotGit)) !== undefined;
    return isThere ? [{ ref: await readHead(directory), worktree: dirname(dotGit) }] : [];
  });
  return [...main, ...(await Promise.all(linked)).flat()];
}

async function readHead(directory: string): Promise<string | undefined> {
  return /^ref: (.+)$/m.exec((await readText(join(directory, 'HEAD'))) ?? '')?.[1];
}
