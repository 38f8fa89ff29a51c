import { mkdir, open, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GitError } from '../git-error.js';
import { findMoved, readRefStates, type RefState } from '../ref-outcome.js';
import type { RefUpdate, UpdateRefsOutcome } from '../repository.js';
import { readText } from '../files/read-file.js';
import { parsePackedRefs, type RefStore } from './ref-store.js';

/** How long a lock of another process is waited for, in milliseconds: tries and pause. */
const LOCK_TRIES = 40;
const LOCK_PAUSE_MS = 25;

/**
 * Moves refs under the locks that git itself takes (`REF.lock`, `packed-refs.lock`), so that both
 * exclude each other. All locks are taken and all values compared before the first ref moves; each
 * ref moves by one rename. A kill leaves old or new values, and at worst locks to remove. No reflog
 * is written.
 */
export async function updateRefFiles(
  updates: readonly RefUpdate[],
  common: string,
  refs: RefStore,
  check: (moves: readonly RefState[]) => Promise<void>,
): Promise<UpdateRefsOutcome> {
  const held = new Set<string>();
  try {
    // In one order everywhere: two transactions over the same refs cannot wait for each other.
    for (const { ref, new: next } of [...updates].sort((a, b) => (a.ref < b.ref ? -1 : 1))) {
      if (next !== null) await checkName(common, ref, updates, refs);
      held.add(await takeLock(join(common, ref), next === null ? '' : `${next}\n`));
    }
    const states = await readRefStates(updates, (name) => refs.read(name));
    const moved = findMoved(states);
    if (moved !== undefined) return moved;
    const moves = states.filter(({ actual, new: next }) => actual !== next);
    await check(moves);
    await commit(moves, common, held);
    return { kind: 'updated' };
  } finally {
    for (const lock of held) await rm(lock, { force: true });
  }
}

/** A lock that became its ref is no longer held: the next one of that name is somebody else's. */
async function commit(
  moves: readonly RefState[],
  common: string,
  held: Set<string>,
): Promise<void> {
  const deleted = moves.filter(({ new: next }) => next === null).map(({ ref }) => ref);
  if (deleted.length > 0) await dropPacked(new Set(deleted), common);
  for (const { ref, new: next } of moves) {
    const file = join(common, ref);
    if (next === null) await rm(file, { force: true });
    else {
      await moveIntoPlace(`${file}.lock`, file);
      held.delete(`${file}.lock`);
    }
  }
}

/** Deleted refs leave empty folders behind; one may lie where the file is to go. */
async function moveIntoPlace(lock: string, file: string): Promise<void> {
  await rename(lock, file).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EISDIR' && error.code !== 'ENOTEMPTY') throw error;
    await removeEmptyFolders(file);
    await rename(lock, file);
  });
}

async function removeEmptyFolders(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await removeEmptyFolders(join(folder, name));
  await rmdir(folder);
}

async function dropPacked(names: ReadonlySet<string>, common: string): Promise<void> {
  const file = join(common, 'packed-refs');
  const lock = await takeLock(file, '');
  try {
    const text = (await readText(file)) ?? '';
    if (![...parsePackedRefs(text).keys()].some((name) => names.has(name))) return rm(lock);
    await writeFile(lock, removePacked(text, names));
    await rename(lock, file);
  } catch (error) {
    await rm(lock, { force: true });
    throw error;
  }
}

/** A line that begins with `^` belongs to the ref above it. */
function removePacked(text: string, names: ReadonlySet<string>): string {
  let drop = false;
  const lines = text.split('\n').filter((line) => {
    if (!line.startsWith('^')) drop = !line.startsWith('#') && names.has(line.slice(41));
    return !drop;
  });
  return lines.join('\n');
}

/** A ref cannot be both a file and a folder: `refs/heads/a` beside `refs/heads/a/b`. */
async function checkName(
  common: string,
  ref: string,
  updates: readonly RefUpdate[],
  refs: RefStore,
): Promise<void> {
  const going = new Set(updates.filter(({ new: next }) => next === null).map((u) => u.ref));
  const coming = updates.filter(({ new: next }) => next !== null).map((update) => update.ref);
  const existing = (await refs.list('refs/')).map(({ name }) => name);
  const others = [...existing, ...coming].filter((name) => !going.has(name));
  const clash = others.find((name) => name.startsWith(`${ref}/`) || ref.startsWith(`${name}/`));
  if (clash === undefined) return;
  throw new GitError('ref-conflict', `${ref} cannot be there beside ${clash}`, {
    data: { ref, existing: clash, directory: common },
    hint: 'choose another name, or delete the other ref first',
  });
}

/** Makes `PATH.lock` with a content, as git does; waits a while for another holder. */
async function takeLock(path: string, content: string): Promise<string> {
  const lock = `${path}.lock`;
  for (let attempt = 0; attempt < LOCK_TRIES; attempt++) {
    await mkdir(dirname(lock), { recursive: true });
    const file = await open(lock, 'wx').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST' || error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (file !== undefined) {
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      return lock;
    }
    await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
  }
  throw new GitError('locked', `${lock} is held by another process`, {
    data: { lock, holds: await readFile(lock, 'latin1').catch(() => undefined) },
    hint: 'wait for the other process; remove the file if none is running',
  });
}
