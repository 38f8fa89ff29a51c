import type { Engine } from './engine.js';
import { GitError } from './git-error.js';
import type { Mirror } from './mirror.js';
import type { PushOutcome } from './push-report.js';
import { findMoved, readRefStates } from './ref-outcome.js';
import type { RefUpdate, UpdateRefsOutcome } from './repository.js';

/** Tries that a push gets when other writers are in its way. */
const MAX_TRIES = 4;

/** How an engine talks to the remote repository behind a mirror. */
export interface Remote {
  /** Makes the mirror's heads, tags, `refs/holdfast/` and HEAD those of the remote. */
  fetch(): Promise<void>;
  /** All refs or none, each only if the remote still holds `old`. Moves no ref of the mirror. */
  push(updates: readonly RefUpdate[]): Promise<PushOutcome>;
}

/** What is mirrored; all of it, forced, and pruned. */
export const MIRRORED = ['refs/heads/', 'refs/tags/', 'refs/holdfast/'];

/** Brings the mirror up to date. A damaged mirror is made anew, once. */
export async function refreshMirror(mirror: Mirror, remote: Remote): Promise<void> {
  await mirror.locked(async () => {
    await mirror.prepare();
    try {
      await remote.fetch();
    } catch (error) {
      if (!isMirrorDamaged(error)) throw error;
      await mirror.discard();
      await mirror.prepare();
      await remote.fetch();
    }
  });
}

function isMirrorDamaged(error: unknown): boolean {
  return error instanceof GitError && error.code === 'corrupt' && error.data['fault'] !== 'remote';
}

/** The engine of a mirror, whose refs are moved at the remote first. */
export function createRemoteEngine(local: Engine, mirror: Mirror, remote: Remote): Engine {
  return {
    ...local,
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
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const outcome = await remote.push(updates);
    if (outcome.kind === 'pushed') {
      await mirror.locked(() => followPush(updates, message, local));
      return { kind: 'updated' };
    }
    words = outcome.words;
    await refreshMirror(mirror, remote); // the caller looks there for what came in between
    const moved = findMoved(await readRefStates(updates, local.readRef));
    if (moved !== undefined) return moved;
  }
  throw new GitError('locked', `the remote is busy: ${words}`, {
    data: { words },
    hint: 'try again when the other writers are done',
  });
}

/** Moves the mirror's refs to where the remote's are now; what stands in the way is fetched later. */
async function followPush(
  updates: readonly RefUpdate[],
  message: string,
  local: Engine,
): Promise<void> {
  const states = await readRefStates(updates, local.readRef);
  await local.updateRefs(
    states.map(({ ref, actual, new: next }) => ({ ref, old: actual, new: next })),
    message,
  );
}
