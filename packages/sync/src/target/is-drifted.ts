import type { SyncRule } from '@holdfast/manifest';
import type { Entry } from '../ports.js';

/** What lies at a delivered path, and what the last sync left there. */
export interface DeliveredSides {
  readonly recorded?: Entry;
  readonly current?: Entry;
  readonly override?: Entry;
  /** The last sync left a conflict at the path. */
  readonly conflict?: boolean;
  /** Upstream had withdrawn the file that is in conflict. */
  readonly withdrawn?: boolean;
}

/**
 * Whether a delivered file differs from what the last sync left, by someone's doing that nothing explains:
 * no override of the same content, no conflict that is being decided, no deletion that the rule respects, no
 * `protect`. The one answer of `drift`, `status`, `verify`, `why`, the change request and auto-merge.
 */
export function isDrifted(
  { recorded, current, override, conflict = false, withdrawn = false }: DeliveredSides,
  {
    recreate,
    isProtected,
  }: { readonly recreate: SyncRule['recreate']; readonly isProtected: boolean },
): boolean {
  if (!recorded || isProtected) return false;
  if (!current) return recreate !== 'never' && !withdrawn;
  if (conflict || override?.oid === current.oid) return false;
  return current.oid !== recorded.oid || current.mode !== recorded.mode;
}
