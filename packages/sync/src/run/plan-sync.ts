import type { Fleet } from '../fleet.js';
import type { ItemInputs } from '../item/item-inputs.js';
import { planItem } from '../item/plan-item.js';
import type { PlanItem, SyncPlan } from '../plan.js';
import type { OpenTarget } from '../ports.js';
import type { RunSelection } from '../source/select-rules.js';
import type { TargetView } from '../target/target-view.js';
import { prepareRun } from './prepare-run.js';
import type { PreparedRule, PreparedRun } from './prepare-run.js';
import { visitTarget, visitTargets } from './visit-targets.js';
import type { VisitOptions } from './visit-targets.js';

/** What to plan, and how. */
export interface PlanOptions extends RunSelection, VisitOptions {
  /** Deliver a tag although it is no longer the commit that a manifest records. Default false. */
  readonly acceptMovedTag?: boolean;
}

/**
 * Plans a run: what would change in every target, as data. Reads, and writes nothing. One bad target
 * never stops the rest: it becomes an item of the kind `failed`.
 */
export async function planSync(fleet: Fleet, options: PlanOptions = {}): Promise<SyncPlan> {
  const run = await prepareRun(fleet, options);
  const items = await visitTargets(fleet, run.targets, options, (open, rules) =>
    planTarget(fleet, run, open, rules, options),
  );
  return { items: [...run.failed, ...items] };
}

/** Plans every rule of one target; they share what is read of it. */
export async function planTarget(
  fleet: Fleet,
  run: PreparedRun,
  open: OpenTarget,
  rules: readonly PreparedRule[],
  options: PlanOptions,
): Promise<PlanItem[]> {
  return visitTarget(fleet, open, rules, async (prepared, view) =>
    planItem(await inputsOf(fleet, run, prepared, view, options)),
  );
}

/** Everything that planning one rule for its target needs. */
export async function inputsOf(
  { configuration, clock }: Fleet,
  { source, resolutions, validations }: PreparedRun,
  prepared: PreparedRule,
  target: TargetView,
  { acceptMovedTag = false }: Pick<PlanOptions, 'acceptMovedTag'>,
): Promise<ItemInputs> {
  const { located, release, commit, selection, elsewhere, derivationAt, findings } = prepared;
  return {
    configuration,
    located,
    source,
    release,
    sourceCommit: commit,
    selection: { ...selection, findings: [...selection.findings, ...findings] },
    elsewhere,
    derivation: await derivationAt({ tag: release.version, commit: release.commit }, target.branch),
    derivationAt: (at) => derivationAt(at, target.branch),
    target,
    acceptMovedTag,
    runAt: clock(),
    resolutions,
    validations,
  };
}
