import type { Fleet } from '../fleet.js';
import { streamSync } from '../run/sync-fleet.js';
import type { SyncedItem, SyncOptions } from '../run/sync-fleet.js';
import { advanceRollout } from './advance-rollout.js';
import type { RolloutStep, WaveOutcome } from './advance-rollout.js';

/** A run that goes wave by wave. */
export interface WaveStream {
  /** What became of the targets that were due, as it comes; read to the end, or nothing more is begun. */
  readonly items: AsyncIterable<SyncedItem>;
  /** Where the rollouts stand; of use once the items were read. */
  readonly rollouts: () => readonly RolloutStep[];
}

/**
 * Syncs as far as the rollout of the configuration goes: what is open or through is brought up to date,
 * and the next wave is opened when the one before it is through. At most one wave gets new requests in
 * a run.
 */
export function streamWaves(
  fleet: Fleet,
  options: Omit<SyncOptions, 'plan' | 'targets' | 'pinned'> = {},
): WaveStream {
  let steps: readonly RolloutStep[] = [];
  async function* items(): AsyncGenerator<SyncedItem, void, undefined> {
    const { onProgress: _onProgress, ...quiet } = options;
    steps = await advanceRollout(fleet, quiet);
    const visited = new Set<string>();
    for (;;) {
      const outcomes: WaveOutcome[] = [];
      for (const { rollout, due } of steps) {
        const targets = due.filter((name) => !visited.has(`${rollout.release} ${name}`));
        if (targets.length === 0) continue;
        for (const name of targets) visited.add(`${rollout.release} ${name}`);
        const stream = await streamSync(fleet, { ...options, rules: rollout.rules, targets });
        if (stream.kind === 'refused') continue;
        for await (const item of stream.items) {
          outcomes.push(waveOutcome(item));
          yield item;
        }
      }
      if (outcomes.length === 0) return;
      steps = await advanceRollout(fleet, { ...quiet, outcomes });
    }
  }
  return { items: items(), rollouts: () => steps };
}

/** What a rollout is told of a sync: that it failed, or was kept back by its checks, and why. */
export function waveOutcome({ plan, applied, error }: SyncedItem): WaveOutcome {
  const { rule, target } = plan;
  if (plan.kind === 'failed') return { rule, target, failure: plan.error.message };
  if (error) return { rule, target, failure: error.message };
  if (plan.kind !== 'blocked') {
    const kinds: readonly unknown[] = ['opened', 'updated', 'merged'];
    return { rule, target, ...(kinds.includes(applied?.kind) ? { opened: true } : {}) };
  }
  const first = plan.findings.find(({ severity }) => severity === 'error');
  return { rule, target, failure: first ? `${first.path}: ${first.message}` : 'blocked' };
}
