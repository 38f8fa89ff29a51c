import type { OpenFleet } from '@holdfast/fleet';
import { readStatus, syncFleet } from '@holdfast/sync';
import { checked, synced } from './results.js';
import type { Perform } from './fleet-host.js';

/** Delivers, and looks again at the targets that it did something to. */
export const syncTargets: Perform<OpenFleet> = async (fleet, selection, targets, options) => {
  const { isCurrent, failures, onResult } = options;
  const result = await syncFleet(fleet, { ...selection, targets });
  const items = result.kind === 'synced' ? result.items : [];
  const byTarget = Map.groupBy(items, ({ plan }) => plan.target);
  const moved = [...byTarget].filter(
    ([target, own]) =>
      !isCurrent(target) || own.some(({ plan, error }) => error || plan.kind !== 'current'),
  );
  const rows = Map.groupBy(
    moved.length === 0
      ? []
      : await readStatus(fleet, { targets: moved.map(([target]) => target), failures }),
    (row) => row.target,
  );
  for (const [target, own] of byTarget) await onResult(synced(target, own, rows.get(target) ?? []));
};

/** Looks where targets stand: drift, staleness, failures. */
export const checkTargets: Perform<OpenFleet> = async (fleet, { rules }, targets, options) => {
  const { failures, onResult } = options;
  const rows = await readStatus(fleet, { ...(rules ? { rules } : {}), targets, failures });
  for (const [target, own] of Map.groupBy(rows, (row) => row.target))
    await onResult(checked(target, own));
};
