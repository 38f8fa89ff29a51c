import type { OpenFleet } from '@holdfast/fleet';
import { findAlerts, publishAlerts, readStatus } from '@holdfast/sync';
import type { Perform } from './fleet-host.js';
import { checked, shortError } from './results.js';

/** Looks where targets stand, and tells what needs attention as issues, where the configuration wants it. */
export const tellAlerts: Perform<OpenFleet> = async (fleet, _selection, targets, options) => {
  const { failures, onResult, logger } = options;
  const { namespace, worker } = fleet.configuration;
  const rows = await readStatus(fleet, { targets, failures });
  const alerts = findAlerts(rows, { now: fleet.clock(), namespace });
  for (const alert of alerts) logger.warn({ sync_alert: alert }, 'something needs attention');
  const told = worker?.issues ? await publishAlerts(fleet, rows, alerts) : [];
  for (const [target, own] of Map.groupBy(rows, (row) => row.target)) {
    const result = checked(target, own);
    const published = told.find((one) => one.target === target);
    const error = published?.kind === 'failed' ? shortError(published.error) : undefined;
    const items = result.items.map((item) => {
      const about = alerts.filter(
        ({ rule_id, target_repo }) => rule_id === item.rule && target_repo === target,
      );
      return about.length === 0
        ? item
        : { ...item, detail: about.map(({ type, details }) => `${type}: ${details}`).join('; ') };
    });
    await onResult({ ...result, items, ...(error ? { error, verdict: 'failed' as const } : {}) });
  }
};
