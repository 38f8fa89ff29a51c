import type { RefUpdate, UpdateRefsOutcome } from './repository.js';

/** An update beside what its ref holds now. */
export interface RefState extends RefUpdate {
  readonly actual: string | null;
}

/** Reads what each ref holds now. */
export async function readRefStates(
  updates: readonly RefUpdate[],
  readRef: (name: string) => Promise<string | undefined>,
): Promise<RefState[]> {
  const held = await Promise.all(updates.map(({ ref }) => readRef(ref)));
  return updates.map((update, index) => ({ ...update, actual: held[index] ?? null }));
}

/** The outcome `moved`, if a ref holds neither what was expected nor what it is to hold. */
export function findMoved(states: readonly RefState[]): UpdateRefsOutcome | undefined {
  const moved = states.find(({ actual, old, new: next }) => actual !== old && actual !== next);
  return moved && { kind: 'moved', ref: moved.ref, expected: moved.old, actual: moved.actual };
}
