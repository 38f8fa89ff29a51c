import type { TargetRule } from '@holdfast/manifest';
import type { Fleet } from '../fleet.js';
import type { OpenTarget } from '../ports.js';

/** The branch that a rule delivers to: its own, the target's, or the default branch. */
export async function targetBranch(
  { configuration }: Fleet,
  { repository }: OpenTarget,
  { rule: { target_branch: own, target_repo: target } }: TargetRule,
): Promise<string> {
  return (
    own ?? configuration.targets[target]?.branch ?? (await repository.defaultBranch()) ?? 'main'
  );
}

/** Every branch of a target that rules deliver to, without repetition. */
export async function deliveredBranches(
  fleet: Fleet,
  target: string,
  open: OpenTarget,
): Promise<string[]> {
  const rules = fleet.rules.filter(({ rule }) => rule.target_repo === target);
  return [
    ...new Set(await Promise.all(rules.map((located) => targetBranch(fleet, open, located)))),
  ];
}
