import type { LocatedRule } from '@holdfast/manifest';
import type { Fleet } from './fleet.js';
import { TARGETS_AT_ONCE, withTarget } from './fleet.js';
import type { FailedItem } from './plan.js';
import { targetBranch } from './plan-sync.js';
import { failedItem } from './sync-error.js';
import type { Progress } from './plan-sync.js';
import type { OpenTarget } from './ports.js';
import { runLimited } from './run-limited.js';
import type { TargetView } from './target-view.js';
import { readTarget } from './target-view.js';

/**
 * Looks at every rule's target as it stands, target by target: each is opened once, and its tree is
 * read once for all its rules. What fails becomes a failed item.
 */
export async function visitRules<Item>(
  fleet: Fleet,
  rules: readonly LocatedRule[],
  visit: (located: LocatedRule, view: TargetView) => Promise<Item>,
  { onProgress }: { onProgress?: ((progress: Progress) => void) | undefined } = {},
): Promise<(Item | FailedItem)[]> {
  const targets = [...Map.groupBy(rules, ({ rule }) => rule.target_repo)];
  let done = 0;
  const visited = await runLimited(targets, TARGETS_AT_ONCE, async ([target, located]) => {
    try {
      return await withTarget(fleet, target, (open) => visitTarget(fleet, open, located, visit));
    } catch (error) {
      return located.map(({ rule }) => failedItem(rule.id, target, error));
    } finally {
      onProgress?.({ done: ++done, total: targets.length, target });
    }
  });
  return visited.flat();
}

async function visitTarget<Item>(
  fleet: Fleet,
  open: OpenTarget,
  rules: readonly LocatedRule[],
  visit: (located: LocatedRule, view: TargetView) => Promise<Item>,
): Promise<(Item | FailedItem)[]> {
  const views = new Map<string, Promise<TargetView>>();
  const items: (Item | FailedItem)[] = [];
  for (const located of rules) {
    const { id, target_repo: target } = located.rule;
    try {
      const branch = await targetBranch(fleet, open, { located });
      const view = views.get(branch) ?? readTarget(target, open, branch);
      views.set(branch, view);
      items.push(await visit(located, await view));
    } catch (error) {
      items.push(failedItem(id, target, error));
    }
  }
  return items;
}
