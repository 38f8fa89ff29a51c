import type { Engine, NewObjects } from './engine.js';
import { GitError } from './git-error.js';
import type { Mirror } from './mirror.js';
import type { PushOutcome } from './push-report.js';
import { findMoved, readRefStates } from './ref-outcome.js';
import type { RefUpdate, UpdateRefsOutcome } from './repository.js';

/** Tries that a push gets when other writers are in its way. */
const MAX_TRIES = 4;

/** So many packs are looked through in no time. */
const MANY_PACKS = 60;

/** More than this make reading slow: where nothing can work them into one, the mirror is made anew. */
const MOST_PACKS = 500;

/** How an engine talks to the remote repository behind a mirror. */
export interface Remote {
  /** Makes the mirror's heads, tags, `refs/holdfast/` and HEAD those of the remote. */
  fetch(): Promise<void>;
  /** All refs or none, each only if the remote still holds `old`. Moves no ref of the mirror. */
  push(updates: readonly RefUpdate[]): Promise<PushOutcome>;
  /** Has many packs become few, where that can be done. */
  tidy?(): Promise<void>;
  /** Told of the objects that were written to the mirror, which will be pushed. */
  remember?(objects: NewObjects): void;
}

/** What is mirrored; all of it, forced, and pruned. */
export const MIRRORED = ['refs/heads/', 'refs/tags/', 'refs/holdfast/'];

/**
 * Brings the mirror up to date, and does what must see it so before anybody else moves its refs. A
 * damaged mirror is made anew, once.
 */
export async function refreshMirror<T = void>(
  mirror: Mirror,
  remote: Remote,
  then?: () => Promise<T>,
): Promise<T | undefined> {
  return mirror.locked(async () => {
    await mirror.prepare();
    try {
      await remote.fetch();
    } catch (error) {
      if (!isMirrorDamaged(error)) throw error;
      await mirror.discard();
      await mirror.prepare();
      await remote.fetch();
    }
    await tidy(mirror, remote);
    return then?.();
  });
}

/** A mirror gets a pack for each fetch and for each commit; git works them into one. */
async function tidy(mirror: Mirror, remote: Remote): Promise<void> {
  const packs = await mirror.countPacks();
  if (packs <= MANY_PACKS) return;
  if (remote.tidy) return remote.tidy();
  if (packs <= MOST_PACKS) return;
  await mirror.discard();
  await mirror.prepare();
  await remote.fetch();
}

function isMirrorDamaged(error: unknown): boolean {
  return error instanceof GitError && error.code === 'corrupt' && error.data['fault'] !== 'remote';
}

/** The engine of a mirror, whose refs are moved at the remote first. */
export function createRemoteEngine(local: Engine, mirror: Mirror, remote: Remote): Engine {
  return {
    ...local,
    async writeObjects(objects) {
      await local.writeObjects(objects);
      remote.remember?.(objects);
    },
    updateRefs: (updates, message) => pushRefs(updates, message, local, mirror, remote),
  };
}

async function pushRefs(
  updates: readonly RefUpdate[],
  message: string,
  local: Engine,
  mirror: Mirror,
  remote: Remote,
): Promise<UpdateRefsOutcome> {
  let words = '';
  let pending = updates;
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const outcome = await remote.push(pending);
    if (outcome.kind === 'pushed') {
      await mirror.locked(() => followPush(updates, message, local));
      return { kind: 'updated' };
    }
    words = outcome.words;
    const states =
      (await refreshMirror(mirror, remote, () => readRefStates(updates, local.readRef))) ?? [];
    const moved = findMoved(states);
    if (moved !== undefined) return moved;
    pending = states.filter(({ actual, new: next }) => actual !== next);
    if (pending.length === 0) return { kind: 'updated' };
    await pause(attempt);
  }
  throw new GitError('locked', `the remote is busy: ${words}`, {
    data: { words },
    hint: 'try again when the other writers are done',
  });
}

/** Writers that met once would meet again after equal pauses. */
function pause(attempt: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50 * 2 ** attempt * (0.5 + Math.random())));
}

/**
 * Moves the mirror's refs to where the push has moved the remote's, but only from where the push found
 * them: another process that shares the mirror may have pushed since, and noted it already. Putting our
 * value back over its would have everybody after us expect what the remote holds no more.
 */
async function followPush(
  updates: readonly RefUpdate[],
  message: string,
  local: Engine,
): Promise<void> {
  const states = await readRefStates(updates, local.readRef);
  const behind = states.filter(({ actual, old, new: next }) => actual === old && actual !== next);
  if (behind.length > 0) await local.updateRefs(behind, message);
}
