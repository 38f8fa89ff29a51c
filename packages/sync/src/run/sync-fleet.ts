import { applyItem, isChanged } from '../apply/apply-item.js';
import type { AppliedItem } from '../apply/apply-item.js';
import type { Fleet } from '../fleet.js';
import { itemKey } from '../item-key.js';
import type { FailedItem, ItemError, PlanItem, SyncPlan } from '../plan.js';
import type { OpenTarget } from '../ports.js';
import { toItemError } from '../sync-error.js';
import { planTarget } from './plan-sync.js';
import type { PlanOptions } from './plan-sync.js';
import { prepareRun } from './prepare-run.js';
import type { PreparedRun } from './prepare-run.js';
import { comparePlan, compareSources } from './saved-plan.js';
import type { MovedSince, SavedPlan } from './saved-plan.js';
import { visitTargets } from './visit-targets.js';

/** What became of one item of a run. */
export interface SyncedItem {
  readonly plan: PlanItem;
  /** Absent when there was nothing to apply. */
  readonly applied?: AppliedItem;
  /** Why applying failed; planning that fails is in `plan`. */
  readonly error?: ItemError;
}

/** What became of a run. */
export type SyncResult =
  | { readonly kind: 'synced'; readonly items: readonly SyncedItem[] }
  /** A saved plan no longer holds: nothing was written. */
  | { readonly kind: 'refused'; readonly moved: readonly MovedSince[] };

/** How to synchronise. */
export interface SyncOptions extends PlanOptions {
  /** Apply exactly this, or refuse. */
  readonly plan?: SavedPlan;
}

/**
 * Plans and applies a run, target by target: commit, branch, change request. With a saved plan,
 * everything is planned anew first and applied only if it is the same to the byte. One bad target
 * never stops the rest.
 */
export async function syncFleet(fleet: Fleet, options: SyncOptions = {}): Promise<SyncResult> {
  if (options.plan) return syncSaved(fleet, options.plan, options);
  const run = await prepareRun(fleet, options);
  const items = await visitTargets(fleet, run.targets, options, async (open, rules) => {
    const planned = await planTarget(fleet, run, open, rules, options);
    return applyAll(fleet, run, open, planned);
  });
  return { kind: 'synced', items: [...run.failed, ...items].map(asSynced) };
}

async function syncSaved(
  fleet: Fleet,
  saved: SavedPlan,
  options: SyncOptions,
): Promise<SyncResult> {
  const { acceptMovedTag } = saved;
  const pinned = new Map(saved.items.map((item) => [itemKey(item), item.source]));
  const moved = await compareSources(saved, (revision) => fleet.source.resolveCommit(revision));
  if (moved.length > 0) return { kind: 'refused', moved };
  const run = await prepareRun(fleet, { ...options, pinned });
  const items = await visitTargets(fleet, run.targets, {}, (open, rules) =>
    planTarget(fleet, run, open, rules, { acceptMovedTag }),
  );
  const plan: SyncPlan = { items: [...run.failed, ...items] };
  const changed = comparePlan(saved, fleet, plan);
  if (changed.length > 0) return { kind: 'refused', moved: changed };
  const byKey = new Map(plan.items.map((item) => [itemKey(item), item]));
  const applied = await visitTargets(fleet, run.targets, options, (open, rules) =>
    applyAll(
      fleet,
      run,
      open,
      rules.flatMap(
        ({ located: { rule } }) =>
          byKey.get(itemKey({ rule: rule.id, target: rule.target_repo })) ?? [],
      ),
    ),
  );
  return { kind: 'synced', items: applied.map(asSynced) };
}

async function applyAll(
  { configuration, logger }: Fleet,
  { source }: PreparedRun,
  open: OpenTarget,
  items: readonly PlanItem[],
): Promise<SyncedItem[]> {
  const synced: SyncedItem[] = [];
  for (const plan of items) {
    if (!isChanged(plan)) {
      synced.push({ plan });
      continue;
    }
    const { target, rule } = plan;
    try {
      const applied = await applyItem(plan, open, {
        namespace: configuration.namespace,
        method: configuration.targets[target]?.method ?? 'merge',
        isEarlier: async (commit, than) =>
          (await source.commit(commit)) !== undefined && source.isAncestor(commit, than),
      });
      logger?.info({ target, rule, outcome: applied.kind }, 'applied');
      synced.push({ plan, applied });
    } catch (error) {
      logger?.debug({ target, rule, err: error }, 'applying failed');
      synced.push({ plan, error: toItemError(error) });
    }
  }
  return synced;
}

function asSynced(item: SyncedItem | FailedItem): SyncedItem {
  return 'plan' in item ? item : { plan: item };
}
