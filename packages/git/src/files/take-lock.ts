import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { GitError } from '../git-error.js';
import { describeOwner, findAbandonment } from './lock-owner.js';
import { readText } from './read-file.js';

/** How long a lock of another process is waited for, in milliseconds. */
const PATIENCE_MS = 5_000;
const PAUSE_MS = 25;

/** A lock that may be one that git left is waited for until it is clear; see `findAbandonment`. */
const PATIENCE_WITH_SILENCE_MS = 7_000;

/** A lock that was taken away because nobody held it any more. */
export interface AbandonedLock {
  readonly kind: 'abandoned-lock';
  readonly path: string;
  readonly reason: string;
}

/** Where a repository lies, and who is told of what was found there. */
export interface LockPlace {
  /** The common git directory. */
  readonly common: string;
  /** All folders that a process at work in it would be in. */
  readonly places: readonly string[];
  readonly onNotice?: (notice: AbandonedLock) => void;
}

/**
 * Takes the lock that git itself takes (`PATH.lock`), so that both exclude each other, and writes into
 * it who holds it. A lock that no living process holds is taken away, and said. Returns its path.
 */
export async function takeLock(path: string, place: LockPlace): Promise<string> {
  const lock = `${path}.lock`;
  makeFolder(dirname(lock), place.common);
  const begun = Date.now();
  for (;;) {
    if (createLock(lock)) return lock;
    const held = readLock(lock);
    const reason = held && findAbandonment({ path: lock, ...held }, place.places);
    if (held !== undefined && reason !== undefined && removeLock(lock, held.text)) {
      place.onNotice?.({ kind: 'abandoned-lock', path: lock, reason });
      continue;
    }
    if (Date.now() - begun > patienceFor(held)) throw lockedBy(lock, held?.text ?? '');
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Makes a folder within the git directory, and refuses to work through a link that leads elsewhere. */
export function makeFolder(folder: string, common: string): void {
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  const real = realpathSync.native(folder);
  if (real === join(realpathSync.native(common), relative(common, folder))) return;
  throw new GitError('unsafe-repository', `${folder} leads elsewhere, to ${real}`, {
    data: { path: folder, target: real },
    hint: 'nothing is written through a link: put a folder in its place',
  });
}

function createLock(lock: string): boolean {
  let file: number;
  try {
    file = openSync(lock, 'wx');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code !== 'ENOENT') throw error;
    mkdirSync(dirname(lock), { recursive: true }); // another process took the empty folder away
    return false;
  }
  try {
    writeSync(file, describeOwner());
  } finally {
    closeSync(file);
  }
  return true;
}

interface HeldLock {
  readonly text: string;
  readonly ageMs: number;
}

/** What a lock says, and how old it is. A link is no lock of anybody's that says something. */
function readLock(lock: string): HeldLock | undefined {
  const found = lstatSync(lock, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  const text = found.isFile() ? (readText(lock) ?? '') : '';
  return { text, ageMs: Date.now() - found.mtimeMs };
}

function patienceFor(held: HeldLock | undefined): number {
  const isYoung = held !== undefined && held.ageMs < PATIENCE_WITH_SILENCE_MS;
  return isYoung && !held.text.startsWith('holdfast-lock') ? PATIENCE_WITH_SILENCE_MS : PATIENCE_MS;
}

/**
 * Two processes may find the same lock abandoned, and the slower one must not take away what the
 * faster one has put in its place: the lock is moved aside, looked at, and put back if it is another.
 */
function removeLock(lock: string, judged: string): boolean {
  const aside = `${lock}.${randomBytes(8).toString('hex')}.lock`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  const isOther = readLock(aside)?.text !== judged;
  try {
    if (isOther) linkSync(aside, lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  return !isOther;
}

function lockedBy(lock: string, holds: string): GitError {
  const [, , , , owner] = holds.startsWith('holdfast-lock') ? holds.split(' ') : [];
  const who = owner === undefined ? 'another process' : `process ${owner}`;
  return new GitError('locked', `${lock} is held by ${who}`, {
    data: { lock, holds },
    hint: 'wait for the other process and try again; a lock that nobody holds is taken away',
  });
}
