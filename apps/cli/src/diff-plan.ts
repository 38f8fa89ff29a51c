import type { OpenFleet } from '@holdfast/fleet';
import type { PlanItem } from '@holdfast/sync';
import type { ChangedFile } from './diff-files.js';
import { diffFiles } from './diff-files.js';

/** The differences that a plan makes, for each item by path. */
export type PlanDiffs = ReadonlyMap<PlanItem, ReadonlyMap<string, string>>;

/** Reads the contents that a plan replaces and compares them with the new ones, for people to look at. */
export async function diffPlan(fleet: OpenFleet, items: readonly PlanItem[]): Promise<PlanDiffs> {
  const diffs = new Map<PlanItem, ReadonlyMap<string, string>>();
  for (const item of items) {
    if (item.kind !== 'changed' && item.kind !== 'blocked') continue;
    const { repository } = await fleet.openTarget(item.target);
    try {
      diffs.set(item, await diffFiles(changedFiles(item), repository));
    } finally {
      await repository.close();
    }
  }
  return diffs;
}

/** The delivered files that change; of a blocked item, those whose new content is known. */
function changedFiles({
  outcomes,
  commit,
}: Extract<PlanItem, { kind: 'changed' | 'blocked' | 'current' }>): ChangedFile[] {
  const changes = new Map(commit?.changes.map((change) => [change.path, change]));
  return outcomes.flatMap(({ path, before }) => {
    const change = changes.get(path);
    if (!change) return [];
    const old = before ? { before: before.oid } : {};
    if ('remove' in change) return [{ path, ...old }];
    return [{ path, ...old, after: 'oid' in change ? change.oid : change.content }];
  });
}
