import type { Fleet } from './fleet.js';
import { TARGETS_AT_ONCE, withTarget } from './fleet.js';
import type { PlanItem, SyncPlan } from './plan.js';
import type { ItemInputs } from './plan-item.js';
import { planItem } from './plan-item.js';
import type { OpenTarget } from './ports.js';
import type { PreparedRule, PreparedRun } from './prepare-run.js';
import { prepareRun } from './prepare-run.js';
import { runLimited } from './run-limited.js';
import type { RunSelection } from './select-rules.js';
import { failedItem } from './sync-error.js';
import type { TargetView } from './target-view.js';
import { readTarget } from './target-view.js';

/** What to plan, and how. */
export interface PlanOptions extends RunSelection {
  /** Deliver a tag although it is no longer the commit that a manifest records. Default false. */
  readonly acceptMovedTag?: boolean;
  /** Called when a target is done. */
  readonly onProgress?: (progress: Progress) => void;
}

/** How far a run is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly target: string;
}

/**
 * Plans a run: what would change in every target, as data. Reads, and writes nothing. One bad target
 * never stops the rest: it becomes an item of the kind `failed`.
 */
export async function planSync(fleet: Fleet, options: PlanOptions = {}): Promise<SyncPlan> {
  const run = await prepareRun(fleet, options);
  const items = await visitTargets(fleet, run, options, (open, rules) =>
    planTarget(fleet, run, open, rules, options),
  );
  return { items: [...run.failed, ...items] };
}

/** Visits the targets of a run, some at a time; what fails at one becomes a failed item of each of its rules. */
export async function visitTargets<Item>(
  fleet: Fleet,
  { targets }: PreparedRun,
  { onProgress }: Pick<PlanOptions, 'onProgress'>,
  visit: (open: OpenTarget, rules: readonly PreparedRule[]) => Promise<Item[]>,
): Promise<(Item | Extract<PlanItem, { kind: 'failed' }>)[]> {
  let done = 0;
  const visited = await runLimited([...targets], TARGETS_AT_ONCE, async ([target, rules]) => {
    try {
      return await withTarget(fleet, target, (open) => visit(open, rules));
    } catch (error) {
      fleet.logger?.debug({ target, err: error }, 'target failed');
      return rules.map(({ located }) => failedItem(located.rule.id, target, error));
    } finally {
      onProgress?.({ done: ++done, total: targets.size, target });
    }
  });
  return visited.flat();
}

/** Plans every rule of one target; they share what is read of it. */
export async function planTarget(
  fleet: Fleet,
  run: PreparedRun,
  open: OpenTarget,
  rules: readonly PreparedRule[],
  options: PlanOptions,
): Promise<PlanItem[]> {
  const views = new Map<string, Promise<TargetView>>();
  const items: PlanItem[] = [];
  for (const prepared of rules) {
    const { rule } = prepared.located;
    try {
      const branch = await targetBranch(fleet, open, prepared);
      const view = views.get(branch) ?? readTarget(rule.target_repo, open, branch);
      views.set(branch, view);
      items.push(await planItem(await inputsOf(fleet, run, prepared, await view, options)));
    } catch (error) {
      fleet.logger?.debug(
        { rule: rule.id, target: rule.target_repo, err: error },
        'planning failed',
      );
      items.push(failedItem(rule.id, rule.target_repo, error));
    }
  }
  return items;
}

/** Everything that planning one rule for its target needs. */
export async function inputsOf(
  { configuration, clock }: Fleet,
  { source, resolutions }: PreparedRun,
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
  };
}

/** The branch that a rule delivers to: its own, the target's, or the default branch. */
export async function targetBranch(
  { configuration }: Fleet,
  { repository }: OpenTarget,
  { located }: Pick<PreparedRule, 'located'>,
): Promise<string> {
  const { target_branch: own, target_repo: target } = located.rule;
  return (
    own ?? configuration.targets[target]?.branch ?? (await repository.defaultBranch()) ?? 'main'
  );
}
