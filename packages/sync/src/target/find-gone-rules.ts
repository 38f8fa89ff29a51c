import { ruleStatePaths } from '@holdfast/manifest';
import type { Finding } from '../finding.js';
import type { Fleet } from '../fleet.js';
import type { TargetView } from './target-view.js';

/** The ids of rules that have state in a target and are gone: no rule of that id delivers there any more. */
export function findGoneRules(
  { configuration: { namespace }, rules }: Pick<Fleet, 'configuration' | 'rules'>,
  { name, snapshot }: Pick<TargetView, 'name' | 'snapshot'>,
): string[] {
  const ids = new Set<string>();
  for (const { rule } of rules) if (rule.target_repo === name) ids.add(rule.id);
  const gone: string[] = [];
  const root = `.${namespace}-sync-state/`;
  for (const path of snapshot.entries.keys()) {
    if (!path.startsWith(root)) continue;
    const [, rule = ''] = path.split('/', 2);
    if (!ids.has(rule) && ruleStatePaths(namespace, rule).manifest === path) gone.push(rule);
  }
  return gone.sort();
}

/** Says of rules that are gone that their files are still there, and what proposes their removal. */
export function goneRuleFindings(
  fleet: Pick<Fleet, 'configuration' | 'rules'>,
  view: Pick<TargetView, 'name' | 'snapshot'>,
): Finding[] {
  const { namespace } = fleet.configuration;
  return findGoneRules(fleet, view).map((rule) => ({
    ruleId: 'target/gone-rule',
    severity: 'warning',
    path: ruleStatePaths(namespace, rule).manifest,
    message: `the rule ${rule} is gone, and what it delivered is still in ${view.name}; propose to remove it with: holdfast sync --prune --target ${view.name}`,
    data: { rule },
  }));
}
