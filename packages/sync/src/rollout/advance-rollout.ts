import { waveTargets } from '@holdfast/manifest';
import type { Rollout } from '@holdfast/manifest';
import type { Fleet } from '../fleet.js';
import type { FailedItem, PlannedSource } from '../plan.js';
import { itemKey } from '../item-key.js';
import { prepareRun } from '../run/prepare-run.js';
import type { PreparedRun } from '../run/prepare-run.js';
import type { VisitOptions } from '../run/visit-targets.js';
import type { RunSelection, ScheduledRule } from '../source/select-rules.js';
import { SyncError } from '../sync-error.js';
import { decideRollout, openWave, reachedTargets, timeOf } from './decide-rollout.js';
import { lookAtWave } from './look-at-wave.js';
import type { WaveItem } from './look-at-wave.js';
import type { RolloutState, RolloutTrouble } from './rollout-state.js';
import { isUnderWay, readStore, writeStore } from './rollout-store.js';

/** What became of a sync of one rule in one target: as much as a rollout wants to know. */
export interface WaveOutcome {
  readonly rule: string;
  readonly target: string;
  /** Why it failed or was kept back; absent where it went well. */
  readonly failure?: string;
  /** A request was opened, renewed or merged. */
  readonly opened?: boolean;
}

/** What to advance. */
export interface AdvanceOptions
  extends Pick<RunSelection, 'rules' | 'release' | 'ref'>, VisitOptions {
  /**
   * What the syncs came to that the last step asked for. A wave does not pass in the step that is told
   * of its requests: what they do there has yet to show.
   */
  readonly outcomes?: readonly WaveOutcome[];
}

/** Where a rollout is after a step, and what is to be done now. */
export interface RolloutStep {
  readonly rollout: RolloutState;
  /** Targets to sync now, under the rules of the rollout: those of the waves that are open or through. */
  readonly due: readonly string[];
  /** Targets of waves to come. */
  readonly waiting: readonly string[];
  /** What the open wave waits for, a line each. */
  readonly waitsFor: readonly string[];
  /** How far the rules are in the targets of the open wave. */
  readonly items: readonly (WaveItem | FailedItem)[];
}

/** How often a step is made anew when someone else made one meanwhile. */
const ATTEMPTS = 3;

/**
 * Makes one step of the rollouts that a run is about: begins what is new, looks at the requests and the
 * checks of the open wave, halts by `halt_on`, opens the next wave when this one is through, and writes
 * down where it stands in the source (`refs/holdfast/rollouts`). Opens no request itself: whoever calls
 * syncs the targets that are `due` (`streamSync` with `rules` and `targets`), says what that came to in
 * the `outcomes` of another call, and calls again whenever something may have changed. Safe to repeat
 * and to call from several machines. One step for each release that the rules deliver; none without
 * `rollout` in the configuration.
 *
 * @throws SyncError `contended` when others write all the time; what `streamSync` throws
 */
export async function advanceRollout(
  fleet: Fleet,
  options: AdvanceOptions = {},
): Promise<RolloutStep[]> {
  const { rollout } = fleet.configuration;
  if (!rollout) return [];
  const run = await prepareRun(fleet, selectionOf(options));
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const store = await readStore(fleet);
    const steps: RolloutStep[] = [];
    const changed: RolloutState[] = [];
    for (const own of releasesOf(run)) {
      const known = store.rollouts.find(({ release }) => release === own.source.version);
      const step = await advance(fleet, run, { ...own, known, rollout }, options);
      steps.push(step);
      if (JSON.stringify(step.rollout) !== JSON.stringify(known)) changed.push(step.rollout);
      if (known) continue;
      for (const one of supersede(store.rollouts, step.rollout)) changed.push(one);
    }
    if (await writeStore(fleet, store, changed)) return steps;
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

/** Every rollout that the source knows of, the newest start first. */
export async function listRollouts(fleet: Fleet): Promise<readonly RolloutState[]> {
  return (await readStore(fleet)).rollouts;
}

/**
 * Looks at the open wave of a rollout and says what it waits for, as {@link advanceRollout} would, and
 * writes nothing. One that is neither running nor halted is given back as it is.
 */
export async function lookAtRollout(
  fleet: Fleet,
  rollout: RolloutState,
  options: VisitOptions = {},
): Promise<RolloutStep> {
  const { ref, commit, release: version, rules } = rollout;
  const source = { name: fleet.sourceName, ref, commit, version };
  const own = fleet.rules.filter(({ rule }) => rules.includes(rule.id));
  const pinned = new Map(
    own.map(({ rule: { id, target_repo: target } }) => [itemKey({ rule: id, target }), source]),
  );
  const run = await prepareRun(fleet, { pinned });
  const targets = Map.groupBy(scheduledIn(run), ({ located }) => located.rule.target_repo);
  const { rollout: limits } = fleet.configuration;
  if (!isUnderWay(rollout) || !limits) return stepOf(rollout, { targets, waitsFor: [], items: [] });
  const items = await lookAtOpenWave(fleet, run, rollout, targets, options);
  const sight = {
    items: items.filter((item): item is WaveItem => !('kind' in item)),
    troubles: troublesOf(rollout, items, []),
    justOpened: new Set<string>(),
  };
  const { waitsFor } = decideRollout(rollout, sight, limits, fleet.clock());
  return stepOf(rollout, { targets, waitsFor, items });
}

function selectionOf({ rules, release, ref }: AdvanceOptions): RunSelection {
  return {
    ...(rules ? { rules } : {}),
    ...(release === undefined ? {} : { release }),
    ...(ref === undefined ? {} : { ref }),
  };
}

interface ReleaseOfRun {
  readonly source: PlannedSource;
  /** By target, what is delivered of it. */
  readonly targets: ReadonlyMap<string, readonly ScheduledRule[]>;
}

/** The releases that a run delivers, each with the targets and rules that get it. */
function releasesOf(run: PreparedRun): ReleaseOfRun[] {
  const releases = Map.groupBy(scheduledIn(run), ({ release }) => release.version);
  return [...releases.values()].map((own) => ({
    source: (own[0] as ScheduledRule).release,
    targets: Map.groupBy(own, ({ located }) => located.rule.target_repo),
  }));
}

/** What a run delivers; a rule that has no release yet is in no rollout. */
function scheduledIn({ targets }: PreparedRun): ScheduledRule[] {
  return [...targets.values()].flat().filter((rule): rule is ScheduledRule => !('error' in rule));
}

interface Known extends ReleaseOfRun {
  readonly known: RolloutState | undefined;
  readonly rollout: Rollout;
}

async function advance(
  fleet: Fleet,
  run: PreparedRun,
  { known, source, targets, rollout }: Known,
  options: AdvanceOptions,
): Promise<RolloutStep> {
  const now = fleet.clock();
  const names = [...targets.keys()];
  const begun = known
    ? withNewTargets(known, names)
    : beginRollout(fleet, source, targets, rollout);
  if (!known) {
    const opened = openWave(begun, now);
    return stepOf(opened, { targets, waitsFor: [], items: [] });
  }
  if (begun.state !== 'running') return stepOf(begun, { targets, waitsFor: [], items: [] });
  let state = begun;
  for (;;) {
    const items = await lookAtOpenWave(fleet, run, state, targets, options);
    const sight = {
      items: items.filter((item): item is WaveItem => !('kind' in item)),
      troubles: troublesOf(state, items, options.outcomes ?? []),
      justOpened: justOpened(options.outcomes ?? []),
    };
    const decision = decideRollout(state, sight, rollout, now);
    const opened = decision.rollout.state === 'running' && decision.rollout.wave > state.wave;
    // A wave in which there is nothing to do holds up nobody.
    if (!opened || !(await isAtRest(fleet, run, decision.rollout, targets, options))) {
      return stepOf(decision.rollout, { targets, waitsFor: decision.waitsFor, items });
    }
    state = decision.rollout;
  }
}

function justOpened(outcomes: readonly WaveOutcome[]): ReadonlySet<string> {
  return new Set(outcomes.filter(({ opened }) => opened).map(({ target }) => target));
}

async function isAtRest(
  fleet: Fleet,
  run: PreparedRun,
  state: RolloutState,
  targets: ReleaseOfRun['targets'],
  options: AdvanceOptions,
): Promise<boolean> {
  const items = await lookAtOpenWave(fleet, run, state, targets, options);
  return items.every((item) => !('kind' in item) && item.standing === 'current');
}

function beginRollout(
  { configuration, clock }: Fleet,
  { version, commit, ref }: PlannedSource,
  targets: ReleaseOfRun['targets'],
  { waves }: Rollout,
): RolloutState {
  const rules = [...targets.values()].flat().map(({ located }) => located.rule.id);
  return {
    release: version,
    commit,
    ref,
    rules: [...new Set(rules)],
    state: 'running',
    wave: 0,
    waves: waveTargets(waves, [...targets.keys()], configuration.targets)
      .map((own, index) => ({ targets: own, wait: waves[index]?.wait ?? 'checks' }))
      .filter((wave) => wave.targets.length > 0),
    troubles: {},
    accepted: [],
    reasons: [],
    startedAt: timeOf(clock()),
  };
}

/** Targets that came since the rollout began are in its last wave. */
function withNewTargets(rollout: RolloutState, names: readonly string[]): RolloutState {
  const known = new Set(rollout.waves.flatMap(({ targets }) => targets));
  const more = names.filter((name) => !known.has(name));
  if (more.length === 0) return rollout;
  return {
    ...rollout,
    waves: rollout.waves.map((wave, index) =>
      index === rollout.waves.length - 1 ? { ...wave, targets: [...wave.targets, ...more] } : wave,
    ),
  };
}

async function lookAtOpenWave(
  fleet: Fleet,
  run: PreparedRun,
  { wave, waves }: RolloutState,
  targets: ReleaseOfRun['targets'],
  { concurrency, onProgress }: VisitOptions,
): Promise<(WaveItem | FailedItem)[]> {
  const own = (waves[wave]?.targets ?? []).flatMap((name) => {
    const rules = targets.get(name);
    return rules ? [[name, rules] as const] : [];
  });
  const looked = lookAtWave(fleet, run, new Map(own), { concurrency, onProgress });
  return (await Array.fromAsync(looked)).flat();
}

/** What is wrong now: of targets that were looked at, what was seen; of the others, what was known. */
function troublesOf(
  { troubles }: RolloutState,
  items: readonly (WaveItem | FailedItem)[],
  outcomes: readonly WaveOutcome[],
): Record<string, RolloutTrouble> {
  const found: Record<string, RolloutTrouble> = { ...troubles };
  for (const [target, own] of Map.groupBy(outcomes, (outcome) => outcome.target)) {
    const failure = own.find((outcome) => outcome.failure !== undefined);
    if (failure) found[target] = { kind: 'failed', words: `${failure.rule}: ${failure.failure}` };
    else if (found[target]?.kind === 'failed') delete found[target];
  }
  for (const [target, own] of Map.groupBy(items, (item) => item.target)) {
    const trouble = own.map(troubleOf).find((one) => one !== undefined);
    const seen = own.every((item) => !('kind' in item) && item.standing !== 'waiting');
    if (trouble) found[target] = trouble;
    else if (seen) delete found[target];
  }
  return found;
}

function troubleOf(item: WaveItem | FailedItem): RolloutTrouble | undefined {
  if ('kind' in item) return { kind: 'failed', words: `${item.rule}: ${item.error.message}` };
  const { rule, request, checks, undecided = [] } = item;
  const name = request ? `#${request.number}` : 'the request';
  if (checks === 'failed') return { kind: 'failed', words: `${rule}: checks of ${name} fail` };
  if (undecided.length === 0) return undefined;
  const [first] = undecided;
  const more = undecided.length > 1 ? ` and ${undecided.length - 1} more` : '';
  return { kind: 'conflict', words: `${rule}: ${name} conflicts in ${first}${more}` };
}

function stepOf(
  rollout: RolloutState,
  {
    targets,
    waitsFor,
    items,
  }: {
    readonly targets: ReleaseOfRun['targets'];
    readonly waitsFor: readonly string[];
    readonly items: RolloutStep['items'];
  },
): RolloutStep {
  const { state, wave, waves } = rollout;
  const goesOn = state === 'running' || state === 'done';
  const due = goesOn ? reachedTargets(rollout).filter((name) => targets.has(name)) : [];
  const waiting = waves.slice(wave + 1).flatMap((one) => one.targets);
  return { rollout, due, waiting, waitsFor, items };
}

/** Another release of the same rules takes the place of those that are under way. */
function supersede(rollouts: readonly RolloutState[], by: RolloutState): RolloutState[] {
  return rollouts
    .filter(
      (rollout) =>
        isUnderWay(rollout) &&
        rollout.release !== by.release &&
        rollout.rules.some((rule) => by.rules.includes(rule)),
    )
    .map((rollout) => ({ ...rollout, state: 'superseded', reasons: [`by ${by.release}`] }));
}
