import type { OpenFleet } from '@holdfast/fleet';
import type { BlockedItem, ChangedItem, ItemSummary, PlanItem } from '@holdfast/sync';
import type { ChangedFile } from './diff-files.js';
import { diffFiles } from './diff-files.js';

/** The differences that a plan makes, for each item by path. */
export type PlanDiffs = ReadonlyMap<ItemSummary, ReadonlyMap<string, string>>;

/** Reads the contents that an item replaces and compares them with the new ones, for people to look at. */
export async function diffItem(
  fleet: OpenFleet,
  item: PlanItem,
): Promise<ReadonlyMap<string, string> | undefined> {
  if (item.kind !== 'changed' && item.kind !== 'blocked') return undefined;
  const { repository } = await fleet.openTarget(item.target);
  try {
    return await diffFiles(changedFiles(item), repository);
  } finally {
    await repository.close();
  }
}

/** The delivered files that change; of a blocked item, those whose new content is known. */
function changedFiles({ outcomes, commit }: ChangedItem | BlockedItem): ChangedFile[] {
  const changes = new Map(commit?.changes.map((change) => [change.path, change]));
  return outcomes.flatMap(({ path, before }) => {
    const change = changes.get(path);
    if (!change) return [];
    const old = before ? { before: before.oid } : {};
    if ('remove' in change) return [{ path, ...old }];
    return [{ path, ...old, after: 'oid' in change ? change.oid : change.content }];
  });
}
