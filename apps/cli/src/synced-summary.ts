import { summarizeItem } from '@holdfast/sync';
import type { ItemSummary, SyncedItem } from '@holdfast/sync';

/** What became of an item of a run, without its content. */
export interface SyncedSummary extends Omit<SyncedItem, 'plan'> {
  readonly plan: ItemSummary;
}

export function summarizeSynced({ plan, ...rest }: SyncedItem): SyncedSummary {
  return { plan: summarizeItem(plan), ...rest };
}
