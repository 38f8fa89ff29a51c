import type { Rollout, RolloutLimit } from '@holdfast/manifest';
import type { WaveItem } from './look-at-wave.js';
import type { RolloutState, RolloutTrouble } from './rollout-state.js';

/** What was seen of the wave that is open. */
export interface WaveSight {
  /** Items of its targets; those that could not be looked at are among the troubles alone. */
  readonly items: readonly WaveItem[];
  /** What is wrong in targets of the rollout, by name. */
  readonly troubles: Readonly<Record<string, RolloutTrouble>>;
  /** Targets whose requests were opened just now: what they do there has yet to show. */
  readonly justOpened: ReadonlySet<string>;
}

/** What becomes of a rollout, and what its open wave waits for. */
export interface Decision {
  readonly rollout: RolloutState;
  readonly waitsFor: readonly string[];
}

/** Checks of a server may begin so much later than the request was opened. */
const LATE_CHECKS_MS = 10 * 60_000;

/** Decides by what was seen whether a rollout halts, goes on to its next wave, or waits. */
export function decideRollout(
  rollout: RolloutState,
  sight: WaveSight,
  { halt_on: limits }: Pick<Rollout, 'halt_on'>,
  now: Date,
): Decision {
  const { troubles } = sight;
  const seen = { ...rollout, troubles };
  const reasons = [
    ...exceeded('failed', seen, limits.failed),
    ...exceeded('conflict', seen, limits.conflict),
  ];
  if (reasons.length > 0) {
    return { rollout: { ...seen, state: 'halted', reasons }, waitsFor: [] };
  }
  const waitsFor = waits(seen, sight, now);
  if (waitsFor.length > 0) return { rollout: seen, waitsFor };
  const next = rollout.wave + 1;
  if (next === rollout.waves.length) {
    return { rollout: { ...seen, state: 'done' }, waitsFor: [] };
  }
  return { rollout: openWave({ ...seen, wave: next }, now), waitsFor: [] };
}

/** The rollout with its wave open from now on. */
export function openWave(rollout: RolloutState, now: Date): RolloutState {
  const { wave, waves } = rollout;
  return {
    ...rollout,
    waves: waves.map((one, index) => (index === wave ? { ...one, openedAt: timeOf(now) } : one)),
  };
}

/** ISO 8601 in UTC, to the second. */
export function timeOf(now: Date): string {
  return now.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** The targets of the waves that are open or through. */
export function reachedTargets({ wave, waves }: RolloutState): string[] {
  return waves.slice(0, wave + 1).flatMap(({ targets }) => targets);
}

function exceeded(
  kind: RolloutTrouble['kind'],
  rollout: RolloutState,
  limit: RolloutLimit | undefined,
): string[] {
  if (!limit) return [];
  const reached = reachedTargets(rollout);
  const accepted = new Set(rollout.accepted);
  const troubled = Object.entries(rollout.troubles).filter(
    ([target, trouble]) => trouble.kind === kind && !accepted.has(target),
  );
  const count = troubled.length;
  const over =
    limit.kind === 'count' ? count >= limit.count : (100 * count) / reached.length >= limit.percent;
  if (count === 0 || !over) return [];
  const allowed = limit.kind === 'count' ? String(limit.count) : `${limit.percent}%`;
  return [
    `${count} of ${reached.length} targets ${kind === 'failed' ? 'failed' : 'in conflict'} (halt_on ${kind}: ${allowed})`,
    ...troubled.map(([target, { words }]) => `${target}: ${words}`),
  ];
}

function waits(
  { wave, waves, troubles }: RolloutState,
  { items, justOpened }: WaveSight,
  now: Date,
): string[] {
  const { openedAt = timeOf(now), wait, targets } = waves[wave] ?? { targets: [], wait: 'checks' };
  const rule = readWait(wait);
  const age = now.getTime() - Date.parse(openedAt);
  if (rule.kind === 'time') {
    return age >= rule.milliseconds ? [] : [`wave ${wave + 1} is open since ${openedAt}: ${wait}`];
  }
  const own = new Set(targets);
  return items
    .filter(({ target }) => own.has(target) && troubles[target]?.kind !== 'failed')
    .flatMap((item) => {
      const what = waitsOf(item, rule.kind, { age, isNew: justOpened.has(item.target) });
      return what === undefined ? [] : [`${item.target} (${item.rule}): ${what}`];
    });
}

function waitsOf(
  { standing, request, checks, late = false }: WaveItem,
  rule: 'checks' | 'merged',
  { age, isNew }: { readonly age: number; readonly isNew: boolean },
): string | undefined {
  if (standing === 'waiting') return 'nothing is opened yet';
  const name = request ? `#${request.number}` : 'its request';
  if (isNew && standing !== 'current') return `${name} is just opened`;
  if (standing !== 'open') return undefined;
  if (rule === 'merged') return `${name} is to be merged`;
  if (checks === 'passed') return undefined;
  if (checks === 'none') {
    return late && age < LATE_CHECKS_MS ? `${name} has no checks yet` : undefined;
  }
  return `checks of ${name} ${checks === 'failed' ? 'fail' : 'are under way'}`;
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

type Wait =
  { readonly kind: 'checks' | 'merged' } | { readonly kind: 'time'; readonly milliseconds: number };

/** What a wave waits for, as its state says; anything else waits for people. */
function readWait(text: string): Wait {
  const time = /^(\d+)([mhd])$/.exec(text);
  if (!time) return { kind: text === 'checks' ? 'checks' : 'merged' };
  return { kind: 'time', milliseconds: Number(time[1]) * (units[time[2] ?? 'd'] ?? 0) };
}
