import type { Fleet } from '../fleet.js';
import type { ItemError } from '../plan.js';
import { requestBranch } from '../apply/request-branch.js';
import { mapInOrder } from '../map-in-order.js';
import { visitRules } from '../run/visit-targets.js';
import { findPreviousRelease } from '../rollback/find-syncs.js';
import { withTarget } from '../fleet.js';
import { SyncError, toItemError } from '../sync-error.js';
import { openWave, reachedTargets } from './decide-rollout.js';
import type { RolloutState } from './rollout-state.js';
import { isUnderWay, readStore, writeStore } from './rollout-store.js';

/** Which rollout is meant. */
export interface RolloutChoice {
  /** Default: the newest that is neither through nor given up. */
  readonly release?: string;
}

/**
 * Lets a halted rollout go on: what went wrong so far is accepted, and halts it no more. One that is
 * running stays as it is.
 *
 * @throws SyncError `no-rollout`
 */
export async function resumeRollout(
  fleet: Fleet,
  choice: RolloutChoice = {},
): Promise<RolloutState> {
  return change(fleet, choice, (rollout) => {
    if (rollout.state === 'running') return rollout;
    if (rollout.state !== 'halted') throw notOpen(rollout);
    const accepted = [...new Set([...rollout.accepted, ...Object.keys(rollout.troubles)])];
    return { ...rollout, state: 'running', accepted, reasons: [] };
  });
}

/**
 * Halts a rollout: nothing more is opened until someone resumes it. One that is halted stays as it is.
 *
 * @throws SyncError `no-rollout`
 */
export async function haltRollout(
  fleet: Fleet,
  { reason, ...choice }: RolloutChoice & { readonly reason: string },
): Promise<RolloutState> {
  return change(fleet, choice, (rollout) => {
    if (rollout.state === 'halted') return rollout;
    if (rollout.state !== 'running') throw notOpen(rollout);
    return { ...rollout, state: 'halted', reasons: [reason] };
  });
}

/**
 * Lets the next wave open now, whatever the open one still waits for.
 *
 * @throws SyncError `no-rollout`, also for one that is halted: resume it first
 */
export async function approveWave(
  fleet: Fleet,
  {
    wave,
    ...choice
  }: RolloutChoice & { /** The open wave, as whoever approves saw it. */ readonly wave: number },
): Promise<RolloutState> {
  return change(fleet, choice, (rollout) => {
    if (rollout.state !== 'running') throw notOpen(rollout);
    if (rollout.wave !== wave) return rollout;
    const next = wave + 1;
    if (next === rollout.waves.length) return { ...rollout, state: 'done' };
    return openWave({ ...rollout, wave: next }, fleet.clock());
  });
}

/** What became of a request of a rollout that was given up. */
export interface AbortedRequest {
  readonly rule: string;
  readonly target: string;
  readonly number: number;
  readonly url?: string;
}

/** Targets that have the release, and the release that each of them had before. */
export interface RollbackOffer {
  /** What to go back to. */
  readonly to: string;
  readonly rules: readonly string[];
  readonly targets: readonly string[];
}

/** What aborting a rollout came to. */
export interface AbortedRollout {
  readonly rollout: RolloutState;
  readonly closed: readonly AbortedRequest[];
  /** Targets that could not be reached: their requests may still be open. */
  readonly failed: readonly { readonly target: string; readonly error: ItemError }[];
  /** What would bring those back that have the release already. */
  readonly offers: readonly RollbackOffer[];
}

/** Why requests of a rollout are closed that was given up: closed means closed. */
const ABORTED = 'rollout-aborted';

/**
 * Gives a rollout up: nothing more is opened, what is open is closed, and what was merged is told, with
 * the release to go back to. Aborting again closes what could not be reached before.
 *
 * @throws SyncError `no-rollout`
 */
export async function abortRollout(
  fleet: Fleet,
  { reason, ...choice }: RolloutChoice & { readonly reason: string },
): Promise<AbortedRollout> {
  const rollout = await change(fleet, choice, (found) => {
    if (found.state === 'done' || found.state === 'superseded') throw notOpen(found);
    return { ...found, state: 'aborted', reasons: [reason] };
  });
  const closed: AbortedRequest[] = [];
  const failed: { target: string; error: ItemError }[] = [];
  const reached = reachedTargets(rollout);
  for await (const one of mapInOrder(reached, 4, (name) => closeRequests(fleet, rollout, name))) {
    if ('error' in one) failed.push(one);
    else for (const request of one.closed) closed.push(request);
  }
  return { rollout, closed, failed, offers: await findOffers(fleet, rollout) };
}

async function closeRequests(
  fleet: Fleet,
  { release, rules, reasons }: RolloutState,
  target: string,
): Promise<
  | { readonly closed: readonly AbortedRequest[] }
  | { readonly target: string; readonly error: ItemError }
> {
  const { namespace } = fleet.configuration;
  const own = fleet.rules.filter(
    ({ rule }) => rule.target_repo === target && rules.includes(rule.id),
  );
  try {
    return await withTarget(fleet, target, async ({ forge }) => {
      const closed: AbortedRequest[] = [];
      for (const { rule } of own) {
        const branch = requestBranch(namespace, release, rule);
        for (const { id, state, number, url } of await forge.findByHead(branch)) {
          if (state !== 'open') continue;
          await forge.close(id, {
            reason: ABORTED,
            comment: `The rollout of ${release} was given up: ${reasons.join('; ')}`,
          });
          closed.push({ rule: rule.id, target, number, ...(url === undefined ? {} : { url }) });
        }
      }
      return { closed };
    });
  } catch (error) {
    return { target, error: toItemError(error) };
  }
}

/** Who has the release, by what each had before. */
async function findOffers(fleet: Fleet, rollout: RolloutState): Promise<RollbackOffer[]> {
  const reached = new Set(reachedTargets(rollout));
  const rules = fleet.rules.filter(
    ({ rule }) => reached.has(rule.target_repo) && rollout.rules.includes(rule.id),
  );
  const items = await visitRules(fleet, rules, async ({ rule }, view) => {
    const to = await findPreviousRelease(view, fleet.configuration.namespace, rule.id, rollout);
    return { rule: rule.id, target: view.name, to };
  });
  const merged = items.flatMap((item) =>
    'kind' in item || item.to === undefined ? [] : [{ ...item, to: item.to }],
  );
  return [...Map.groupBy(merged, ({ to }) => to)].map(([to, own]) => ({
    to,
    rules: [...new Set(own.map(({ rule }) => rule))],
    targets: [...new Set(own.map(({ target }) => target))],
  }));
}

const ATTEMPTS = 3;

async function change(
  fleet: Fleet,
  { release }: RolloutChoice,
  make: (rollout: RolloutState) => RolloutState,
): Promise<RolloutState> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const store = await readStore(fleet);
    const found = choose(store.rollouts, release);
    const made = make(found);
    if (JSON.stringify(made) === JSON.stringify(found)) return made;
    if (await writeStore(fleet, store, [made])) return made;
  }
  throw new SyncError(
    'contended',
    'the rollouts of the source changed each time they were written',
    {
      blame: 'environment',
      hint: 'another run is at work; run again when it is done',
    },
  );
}

function choose(rollouts: readonly RolloutState[], release: string | undefined): RolloutState {
  const found =
    release === undefined
      ? rollouts.find(isUnderWay)
      : rollouts.find((rollout) => rollout.release === release);
  if (found) return found;
  throw new SyncError(
    'no-rollout',
    release === undefined
      ? 'no rollout is under way'
      : `there is no rollout of ${JSON.stringify(release)}`,
    {
      hint:
        rollouts.length === 0
          ? 'one begins with the next holdfast sync, by rollout in the configuration'
          : `there are: ${rollouts
              .slice(0, 5)
              .map((one) => `${one.release} (${one.state})`)
              .join(', ')}`,
    },
  );
}

function notOpen({ release, state }: RolloutState): SyncError {
  const words = {
    done: 'is through: go back with holdfast rollback',
    superseded: 'has given way to another release: that one is delivered',
    aborted: 'was given up: deliver a newer release',
    running: 'is under way',
    halted: 'is halted',
  } as const;
  return new SyncError('no-rollout', `the rollout of ${release} ${words[state]}`, {
    hint: 'see where rollouts stand with: holdfast rollout status',
  });
}
