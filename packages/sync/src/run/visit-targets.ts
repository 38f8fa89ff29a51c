import type { TargetRule } from '@holdfast/manifest';
import { withTarget } from '../fleet.js';
import type { Fleet } from '../fleet.js';
import { mapInOrder } from '../map-in-order.js';
import type { FailedItem } from '../plan.js';
import type { OpenTarget } from '../ports.js';
import { createContentStore } from '../source/contents.js';
import type { ContentStore } from '../source/contents.js';
import { failedItem } from '../sync-error.js';
import { targetBranch } from '../target/target-branch.js';
import { readTarget } from '../target/target-view.js';
import type { TargetView } from '../target/target-view.js';

/** How far a run is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly target: string;
}

/** How to visit. */
export interface VisitOptions {
  /** Called when a target is done. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** How many targets are worked on at once. Default 8. */
  readonly concurrency?: number | undefined;
}

const DEFAULT_CONCURRENCY = 8;

/** A rule, or more that is known of it. */
interface AboutRule {
  readonly located: TargetRule;
}

/**
 * Visits targets, some at a time; each is opened once. What comes of one is yielded as it comes, in the
 * order of the targets, and not kept. What fails at one becomes a failed item of each of its rules.
 */
export function visitTargets<Rule extends AboutRule, Item>(
  fleet: Fleet,
  targets: ReadonlyMap<string, readonly Rule[]>,
  { onProgress, concurrency = DEFAULT_CONCURRENCY }: VisitOptions,
  visit: (open: OpenTarget, rules: readonly Rule[]) => Promise<Item[]>,
): AsyncGenerator<(Item | FailedItem)[], void, undefined> {
  let done = 0;
  return mapInOrder(targets, concurrency, async ([target, rules]) => {
    try {
      return await withTarget(fleet, target, (open) => visit(open, rules));
    } catch (error) {
      fleet.logger?.debug({ target, err: error }, 'target failed');
      return rules.map(({ located }) => failedItem(located.rule.id, target, error));
    } finally {
      onProgress?.({ done: ++done, total: targets.size, target });
    }
  });
}

/**
 * Looks at an open target under each of its rules, at the head of the branch that the rule delivers
 * to; the tree of a branch is read once. What fails becomes a failed item of the rule.
 */
export async function visitTarget<Rule extends AboutRule, Item>(
  fleet: Fleet,
  open: OpenTarget,
  rules: readonly Rule[],
  contents: ContentStore,
  visit: (rule: Rule, view: TargetView) => Promise<Item>,
): Promise<(Item | FailedItem)[]> {
  const views = new Map<string, Promise<TargetView>>();
  const items: (Item | FailedItem)[] = [];
  for (const about of rules) {
    const { id: rule, target_repo: target } = about.located.rule;
    try {
      const branch = await targetBranch(fleet, open, about.located);
      const view = views.get(branch) ?? readTarget(target, open, branch, contents);
      views.set(branch, view);
      items.push(await visit(about, await view));
    } catch (error) {
      fleet.logger?.debug({ rule, target, err: error }, 'rule failed');
      items.push(failedItem(rule, target, error));
    }
  }
  return items;
}

/** Looks at every rule's target as it stands: {@link visitTargets} and {@link visitTarget} in one. */
export async function visitRules<Item>(
  fleet: Fleet,
  rules: readonly TargetRule[],
  visit: (located: TargetRule, view: TargetView) => Promise<Item>,
  options: VisitOptions = {},
  contents: ContentStore = createContentStore(),
): Promise<(Item | FailedItem)[]> {
  const about = rules.map((located) => ({ located }));
  const targets = Map.groupBy(about, ({ located }) => located.rule.target_repo);
  const visited = visitTargets(fleet, targets, options, (open, own) =>
    visitTarget(fleet, open, own, contents, ({ located }, view) => visit(located, view)),
  );
  return (await Array.fromAsync(visited)).flat();
}
