import type { Fleet } from '../fleet.js';
import type { ItemInputs } from '../item/item-inputs.js';
import { planItem } from '../item/plan-item.js';
import type { PlanItem, SyncPlan } from '../plan.js';
import type { OpenTarget } from '../ports.js';
import type { RunSelection, ScheduledRule, UnscheduledRule } from '../source/select-rules.js';
import { goneRuleFindings } from '../target/find-gone-rules.js';
import type { TargetView } from '../target/target-view.js';
import { findBranchClash, prepareRun } from './prepare-run.js';
import type { PreparedRule, PreparedRun } from './prepare-run.js';
import { settleArrivals } from './settle-arrivals.js';
import type { SettledItems } from './settle-arrivals.js';
import { visitTarget, visitTargets } from './visit-targets.js';
import type { VisitOptions } from './visit-targets.js';

/** What to plan, and how. */
export interface PlanOptions extends RunSelection, VisitOptions {
  /** Deliver a tag although it is no longer the commit that a manifest records. Default false. */
  readonly acceptMovedTag?: boolean;
  /** Deliver to a target again what was rolled back there. Default false. */
  readonly liftHolds?: boolean;
}

/**
 * Plans a run: what would change in every target, as data. Reads, and writes nothing. One bad target
 * never stops the rest: it becomes an item of the kind `failed`.
 */
export async function planSync(fleet: Fleet, options: PlanOptions = {}): Promise<SyncPlan> {
  return { items: await Array.fromAsync(streamPlan(fleet, options)) };
}

/** As {@link planSync}, item by item as they come, in its order: what was yielded is not kept. */
export async function* streamPlan(
  fleet: Fleet,
  options: PlanOptions = {},
): AsyncGenerator<PlanItem, void, undefined> {
  const run = await prepareRun(fleet, options);
  const targets = visitTargets(fleet, run.targets, options, async (open, rules) => {
    const { items } = await planTarget(fleet, run, open, rules, options);
    return [...items];
  });
  for await (const items of targets) yield* items;
}

/** Plans every rule of one target; they share what is read of it. */
export async function planTarget(
  fleet: Fleet,
  run: PreparedRun,
  open: OpenTarget,
  rules: readonly (ScheduledRule | UnscheduledRule)[],
  options: Pick<PlanOptions, 'acceptMovedTag' | 'liftHolds'>,
): Promise<SettledItems> {
  const { contents } = run.source;
  const planned = await visitTarget(fleet, open, rules, contents, async (scheduled, view) => {
    const prepared = await run.prepare(scheduled);
    if ('kind' in prepared) return prepared;
    const { branch } = view;
    const clash = await findBranchClash(fleet, run, open, { ...prepared, branch });
    if (clash) return clash;
    const plain = await inputsOf(fleet, run, prepared, view, options);
    // Once for each target is enough.
    const gone = scheduled === rules[0] ? goneRuleFindings(fleet, view) : [];
    const { selection } = plain;
    const inputs = {
      ...plain,
      selection: { ...selection, findings: [...selection.findings, ...gone] },
    };
    return { inputs, ...(await planItem(inputs)) };
  });
  return settleArrivals(planned, open, fleet.configuration);
}

/** Everything that planning one rule for its target needs. */
export async function inputsOf(
  { configuration, clock }: Fleet,
  { source, resolutions, validations, breakages }: PreparedRun,
  prepared: PreparedRule,
  target: TargetView,
  { acceptMovedTag = false, liftHolds = false }: Pick<PlanOptions, 'acceptMovedTag' | 'liftHolds'>,
): Promise<ItemInputs> {
  const { located, release, named, commit, selection, otherDeliveries, derivationAt, findings } =
    prepared;
  return {
    configuration,
    located,
    source,
    release,
    named,
    sourceCommit: commit,
    selection: { ...selection, findings: [...selection.findings, ...findings] },
    otherDeliveries,
    derivation: await derivationAt({ tag: release.version, commit: release.commit }, target.branch),
    derivationAt: (at) => derivationAt(at, target.branch),
    target,
    acceptMovedTag,
    liftHolds,
    runAt: clock(),
    resolutions,
    validations,
    breakages,
  };
}
