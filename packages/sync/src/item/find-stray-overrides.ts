import { overridePath } from '@holdfast/manifest';
import type { Finding } from '../finding.js';
import type { ItemInputs } from './item-inputs.js';

/**
 * Overrides of the target that override nothing, though their path ends as that of a delivered file does: where
 * they would have to lie.
 */
export function findStrayOverrides({
  configuration: { namespace },
  located: { rule },
  selection,
  otherDeliveries,
  target,
}: ItemInputs): Finding[] {
  const root = `.${namespace}-overrides/`;
  const overrides = [...target.snapshot.entries.keys()].filter((path) => path.startsWith(root));
  if (overrides.length === 0) return [];
  const used = new Set(selection.deliveries.map(({ path }) => overridePath(rule, namespace, path)));
  const loose = new Map(
    overrides
      .filter((path) => !used.has(path) && !otherDeliveries.has(path.slice(root.length)))
      .map((path) => [path.slice(root.length), path]),
  );
  for (const path of loose.size > 0 ? otherDeliveries.paths() : []) {
    // It may be an override of another rule, which knows its own place for it.
    for (const rest of loose.keys()) if (path.endsWith(`/${rest}`)) loose.delete(rest);
  }
  if (loose.size === 0) return [];
  const findings: Finding[] = [];
  for (const { path: delivered } of selection.deliveries) {
    const place = overridePath(rule, namespace, delivered);
    if (place === undefined) continue;
    for (let slash = -1; ;) {
      const stray = loose.get(delivered.slice(slash + 1));
      if (stray !== undefined && stray !== place) {
        findings.push({
          ruleId: 'target/stray-override',
          severity: 'warning',
          path: stray,
          message: `overrides nothing: the override of ${delivered} lies at ${place}; move it there, or make one with: holdfast override ${delivered}`,
          data: { rule: rule.id, delivered, place },
        });
      }
      slash = delivered.indexOf('/', slash + 1);
      if (slash === -1) break;
    }
  }
  return findings;
}
