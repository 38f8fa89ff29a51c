import { authorOf } from '../apply/author.js';
import type { Fleet } from '../fleet.js';
import type { TargetRepository } from '../ports.js';
import { SyncError } from '../sync-error.js';
import { parseRollout, serializeRollout } from './rollout-state.js';
import type { RolloutState } from './rollout-state.js';

/** Where rollouts stand, in the source itself: it is fetched and pushed with `refs/holdfast/*`. */
export const ROLLOUT_REF = 'refs/holdfast/rollouts';

/** What was read of the rollouts: whoever writes says what it goes by. */
export interface ReadRollouts {
  /** Newest start first; of several, those under way. */
  readonly rollouts: readonly RolloutState[];
  /** The commit that holds them; null before the first. */
  readonly at: string | null;
}

/** The source, where it can be written to. */
export function rolloutStore({ sourceState }: Fleet): TargetRepository {
  if (sourceState) return sourceState;
  throw new SyncError(
    'no-rollout',
    'the source cannot be written to, so no rollout is kept there',
    {
      hint: 'leave rollout out of the configuration, or give the source a repository that can be written',
    },
  );
}

/** Reads every rollout of the namespace. */
export async function readStore(fleet: Fleet): Promise<ReadRollouts> {
  const repository = rolloutStore(fleet);
  const [ref] = (await repository.listRefs(ROLLOUT_REF)).filter(({ name }) => name === ROLLOUT_REF);
  if (!ref) return { rollouts: [], at: null };
  const { entries } = await repository.readSnapshot(ref.oid);
  const prefix = `${fleet.configuration.namespace}/`;
  const rollouts: RolloutState[] = [];
  for (const { path, oid, mode } of entries.values()) {
    if (!path.startsWith(prefix) || mode !== '100644') continue;
    const rollout = parseRollout(new TextDecoder().decode(await repository.readBlob(oid)));
    if (rollout && path === pathOf(fleet, rollout)) rollouts.push(rollout);
  }
  rollouts.sort(
    (a, b) =>
      (a.startedAt > b.startedAt ? -1 : a.startedAt < b.startedAt ? 1 : 0) ||
      Number(isUnderWay(b)) - Number(isUnderWay(a)),
  );
  return { rollouts, at: ref.oid };
}

/** Whether more may come of a rollout. */
export function isUnderWay({ state }: RolloutState): boolean {
  return state === 'running' || state === 'halted';
}

/** Writes what changed of the rollouts, if nobody else did meanwhile: false where someone was quicker. */
export async function writeStore(
  fleet: Fleet,
  { at }: ReadRollouts,
  changed: readonly RolloutState[],
): Promise<boolean> {
  if (changed.length === 0) return true;
  const repository = rolloutStore(fleet);
  const signature = {
    ...authorOf(fleet.configuration),
    timestamp: Math.floor(fleet.clock().getTime() / 1000),
    timezone: '+0000',
  };
  const { commit } = await repository.writeCommit({
    ...(at === null ? {} : { parent: at }),
    changes: changed.map((rollout) => ({
      path: pathOf(fleet, rollout),
      mode: '100644',
      content: serializeRollout(rollout),
    })),
    message: `${changed.map(say).join('\n')}\n`,
    author: signature,
    committer: signature,
  });
  const { kind } = await repository.updateRefs([{ ref: ROLLOUT_REF, old: at, new: commit }]);
  return kind === 'updated';
}

function pathOf({ configuration }: Fleet, { release }: RolloutState): string {
  return `${configuration.namespace}/${release}.json`;
}

function say({ release, state, wave, waves, reasons }: RolloutState): string {
  const why = reasons.length > 0 ? `: ${reasons.join('; ').replaceAll(/\s+/g, ' ')}` : '';
  return `${release}: ${state}, wave ${wave + 1} of ${waves.length}${why}`;
}
