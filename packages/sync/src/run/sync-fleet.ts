import { parseRepositoryPlace } from '@holdfast/forge';
import type { Configuration } from '@holdfast/manifest';
import { applyChange } from '../apply/apply-change.js';
import type { AppliedItem } from '../apply/apply-change.js';
import type { Change } from '../apply/change.js';
import type { Fleet } from '../fleet.js';
import { itemKey } from '../item-key.js';
import { combineItems } from '../item/combine-items.js';
import type { FailedItem, ItemError, PlanItem } from '../plan.js';
import type { OpenTarget } from '../ports.js';
import { SyncError, toItemError } from '../sync-error.js';
import { planTarget } from './plan-sync.js';
import type { PlanOptions } from './plan-sync.js';
import { prepareRun } from './prepare-run.js';
import type { PreparedRun } from './prepare-run.js';
import type { SettledItems } from './settle-arrivals.js';
import {
  compareConfiguration,
  comparePlan,
  compareScope,
  compareSources,
  unplannable,
} from './saved-plan.js';
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

/** What becomes of a run, as it goes on. */
export type SyncStream =
  /** Read to the end, or nothing more is begun. */
  | { readonly kind: 'synced'; readonly items: AsyncIterable<SyncedItem> }
  | Extract<SyncResult, { kind: 'refused' }>;

/**
 * Plans and applies a run, target by target: commit, branch, change request. With a saved plan,
 * everything is planned anew first and applied only if it is the same to the byte. One bad target
 * never stops the rest.
 */
export async function syncFleet(fleet: Fleet, options: SyncOptions = {}): Promise<SyncResult> {
  const stream = await streamSync(fleet, options);
  if (stream.kind === 'refused') return stream;
  return { kind: 'synced', items: await Array.fromAsync(stream.items) };
}

/** As {@link syncFleet}, item by item as they come, in its order: what was yielded is not kept. */
export async function streamSync(fleet: Fleet, options: SyncOptions = {}): Promise<SyncStream> {
  if (options.plan) return syncSaved(fleet, options.plan, options);
  const run = await prepareRun(fleet, options);
  const targets = visitTargets(fleet, run.targets, options, async (open, rules) =>
    applyAll(fleet, run, open, await planTarget(fleet, run, open, rules, options)),
  );
  return { kind: 'synced', items: flatten(targets) };
}

/** Plans everything to compare it with what was saved, and each target once more to apply it. */
async function syncSaved(
  fleet: Fleet,
  saved: SavedPlan,
  options: SyncOptions,
): Promise<SyncStream> {
  const { acceptMovedTag } = saved;
  const pinned = new Map(saved.items.map((item) => [itemKey(item), item.source]));
  const moved = await compareSources(saved, (revision) => fleet.source.resolveCommit(revision));
  if (moved.length > 0) return { kind: 'refused', moved };
  const run = await prepareRun(fleet, { ...options, pinned });
  const { concurrency } = options;
  const planned = visitTargets(fleet, run.targets, { concurrency }, async (open, rules) =>
    comparePlan(saved, (await planTarget(fleet, run, open, rules, { acceptMovedTag })).items),
  );
  const changed = [
    ...compareConfiguration(saved, fleet),
    ...compareScope(saved, run.targets),
    ...(await Array.fromAsync(planned)).flat().map(asMoved),
  ];
  if (changed.length > 0) return { kind: 'refused', moved: changed };
  const targets = visitTargets(fleet, run.targets, options, async (open, rules) => {
    const planned = await planTarget(fleet, run, open, rules, { acceptMovedTag });
    const [late] = comparePlan(saved, planned.items);
    if (!late) return applyAll(fleet, run, open, planned);
    const error = new SyncError('plan-moved', late.message, {
      blame: 'environment',
      hint: 'another run was at work: plan anew, and look at what it says',
    });
    return planned.items.map((plan): SyncedItem => ({ plan, error: toItemError(error) }));
  });
  return { kind: 'synced', items: flatten(targets) };
}

async function* flatten(
  targets: AsyncIterable<readonly (SyncedItem | FailedItem)[]>,
): AsyncGenerator<SyncedItem, void, undefined> {
  for await (const items of targets) yield* items.map(asSynced);
}

/** What could not be planned at all keeps a saved plan from being applied. */
function asMoved(item: MovedSince | FailedItem): MovedSince {
  return 'what' in item ? item : unplannable(item);
}

async function applyAll(
  { configuration, logger }: Fleet,
  { source }: PreparedRun,
  open: OpenTarget,
  { items, leansOn }: SettledItems,
): Promise<SyncedItem[]> {
  const { namespace } = configuration;
  const done = new Map<PlanItem, Omit<SyncedItem, 'plan'>>();
  const changed = items.filter((item) => item.kind === 'changed');
  const { limits } = open.forge;
  const combined = combineItems(changed, { namespace, limits });
  const lost = new Map<string, string>();
  for (const { change, items: own } of leaningLast(combined, leansOn)) {
    const { target, name } = change;
    try {
      refuseLeaning(own, leansOn, lost);
      const applied = await applyChange(change, open, {
        namespace,
        method: configuration.targets[target]?.method ?? 'merge',
        ...openRequestsOf(configuration, target),
        isEarlier: async (commit, than) =>
          (await source.commit(commit)) !== undefined && source.isAncestor(commit, than),
      });
      logger?.info({ target, rule: name, outcome: applied.kind }, 'applied');
      if (!('request' in applied) || applied.request?.state === 'closed') loseFiles(change, lost);
      for (const item of own) done.set(item, { applied });
    } catch (error) {
      logger?.debug({ target, rule: name, err: error }, 'applying failed');
      loseFiles(change, lost);
      for (const item of own) done.set(item, { error: toItemError(error) });
    }
  }
  return items.map((plan) => ({ plan, ...done.get(plan) }));
}

/** What counts on other changes comes after them, so that what is not opened is known by then. */
function leaningLast<
  Combined extends { readonly change: Change; readonly items: readonly PlanItem[] },
>(changes: readonly Combined[], leansOn: SettledItems['leansOn']): Combined[] {
  const leans = ({ change: { commit }, items }: Combined) => {
    const own = new Set(commit.changes.map(({ path }) => path));
    return items.some((item) => [...(leansOn.get(item) ?? [])].some((path) => !own.has(path)));
  };
  return [...changes.filter((one) => !leans(one)), ...changes.filter(leans)];
}

/** Remembers what a change that was not opened would have brought. */
function loseFiles({ name, commit }: Change, lost: Map<string, string>): void {
  for (const change of commit.changes) if (!('remove' in change)) lost.set(change.path, name);
}

/** Links to what another change should have brought, and does not, would arrive broken. */
function refuseLeaning(
  items: readonly PlanItem[],
  leansOn: SettledItems['leansOn'],
  lost: ReadonlyMap<string, string>,
): void {
  for (const item of items) {
    for (const path of leansOn.get(item) ?? []) {
      const name = lost.get(path);
      if (name === undefined) continue;
      throw new SyncError(
        'links-to-nothing',
        `${item.rule} links to ${path}, which ${name} should have brought with this run, and did not`,
        { blame: 'repository', hint: `mend what is said of ${name}, and run again` },
      );
    }
  }
}

/** How many requests may be open in a target, as the configuration says for its host. */
function openRequestsOf({ targets, forges }: Configuration, target: string) {
  const host = parseRepositoryPlace(targets[target]?.url ?? '')?.host;
  const limit = host === undefined ? undefined : forges[host]?.open_requests_per_target;
  return limit === undefined ? {} : { openRequests: limit };
}

function asSynced(item: SyncedItem | FailedItem): SyncedItem {
  return 'plan' in item ? item : { plan: item };
}
