import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { GitError } from '../git-error.js';
import { findMoved, readRefStates, type RefState } from '../ref-outcome.js';
import type { RefUpdate, UpdateRefsOutcome } from '../repository.js';
import { readText } from './read-file.js';
import { parsePackedRefs, type RefStore } from './ref-store.js';
import { appendReflog } from './reflog.js';
import { takeLock, type LockPlace } from './take-lock.js';
import { writeWhole } from './write-file.js';

/** What a transaction needs to know of a repository. */
export interface RefTransactionPlace extends LockPlace {
  readonly directory: string;
  readonly bare: boolean;
  readonly refs: RefStore;
}

/**
 * Moves refs under the locks that git itself takes (`REF.lock`, `packed-refs.lock`). All locks are
 * taken and all values compared before the first ref moves; each ref moves by one rename. A kill
 * leaves old or new values, and at worst locks that say whose they were. `whileLocked` runs before the
 * first ref moves, and calls it off with any outcome but undefined.
 */
export async function updateRefFiles(
  updates: readonly RefUpdate[],
  message: string,
  place: RefTransactionPlace,
  whileLocked: (moves: readonly RefState[]) => Promise<UpdateRefsOutcome | undefined>,
): Promise<UpdateRefsOutcome> {
  const { common, refs } = place;
  const held: string[] = [];
  try {
    // In one order everywhere: two transactions over the same refs cannot wait for each other.
    for (const { ref, new: next } of [...updates].sort((a, b) => (a.ref < b.ref ? -1 : 1))) {
      if (next !== null) checkName(ref, updates, place);
      held.push(await takeLock(join(common, ref), place));
    }
    const states = await readRefStates(updates, async (name) => refs.read(name));
    const moved = findMoved(states);
    if (moved !== undefined) return moved;
    const moves = states.filter(({ actual, new: next }) => actual !== next);
    const off = await whileLocked(moves);
    if (off !== undefined) return off;
    await commit(moves, place);
    appendReflog(moves, message, { ...place, head: refs.readHead() });
    return { kind: 'updated' };
  } finally {
    for (const lock of held) rmSync(lock, { force: true });
  }
}

async function commit(moves: readonly RefState[], place: RefTransactionPlace): Promise<void> {
  const { common } = place;
  const deleted = moves.filter(({ new: next }) => next === null).map(({ ref }) => ref);
  if (deleted.length > 0) await dropPacked(new Set(deleted), place);
  for (const { ref, new: next } of moves) {
    const file = join(common, ref);
    if (next === null) rmSync(file, { force: true });
    else await moveIntoPlace(file, next, common);
  }
}

/** Deleted refs leave empty folders behind; one may lie where the file is to go. */
async function moveIntoPlace(file: string, oid: string, common: string): Promise<void> {
  const folder = join(common, 'objects'); // where git clears up after the killed
  const write = (): Promise<void> => writeWhole(file, [Buffer.from(`${oid}\n`)], { folder });
  try {
    await write();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EISDIR', 'ENOTEMPTY', 'EEXIST'].includes(code)) throw error;
    removeEmptyFolders(file);
    await write();
  }
}

function removeEmptyFolders(folder: string): void {
  for (const name of readdirSync(folder)) removeEmptyFolders(join(folder, name));
  rmdirSync(folder);
}

async function dropPacked(names: ReadonlySet<string>, place: RefTransactionPlace): Promise<void> {
  const file = join(place.common, 'packed-refs');
  const lock = await takeLock(file, place);
  try {
    const text = readText(file) ?? '';
    if (![...parsePackedRefs(text).keys()].some((name) => names.has(name))) return;
    await writeWhole(file, [Buffer.from(removePacked(text, names))], { folder: place.common });
  } finally {
    rmSync(lock, { force: true });
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
function checkName(
  ref: string,
  updates: readonly RefUpdate[],
  { common, refs }: RefTransactionPlace,
): void {
  const going = new Set(updates.filter(({ new: next }) => next === null).map((each) => each.ref));
  const coming = updates.filter(({ new: next }) => next !== null).map((each) => each.ref);
  const clash =
    coming.find((name) => name.startsWith(`${ref}/`) || ref.startsWith(`${name}/`)) ??
    refs.findClash(ref, (name) => going.has(name));
  if (clash === undefined) return;
  throw new GitError('ref-conflict', `${ref} cannot be there beside ${clash}`, {
    data: { ref, existing: clash, directory: common },
    hint: 'choose another name, or delete the other ref first',
  });
}

/** Has HEAD name a branch. */
export async function writeHead(branch: string, place: LockPlace): Promise<void> {
  const file = join(place.common, 'HEAD');
  if (readText(file) === `ref: ${branch}\n`) return;
  const lock = await takeLock(file, place);
  try {
    await writeWhole(file, [Buffer.from(`ref: ${branch}\n`)]);
  } finally {
    rmSync(lock, { force: true });
  }
}
