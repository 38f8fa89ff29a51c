import type { OpenFleet } from '@holdfast/fleet';
import { formatUnified } from '@holdfast/merge';
import { planSync } from '@holdfast/sync';
import type { PlanItem } from '@holdfast/sync';
import type { OutcomeItem, PlannedFile } from '../store/runs.js';
import type { Perform } from './fleet-host.js';
import { shortError, verdictOf } from './results.js';

/** Files of an item that are kept, and how much of each and of all differences: for people to look at. */
const MAX_FILES = 100;
const MAX_DIFF = 8_000;
const MAX_DIFFS = 64_000;

/** Larger contents are not compared for show. */
const MAX_BYTES = 1024 * 1024;

/** Says what a sync would do, with the differences of files. Writes nothing. */
export const planTargets: Perform<OpenFleet> = async (fleet, selection, targets, { onResult }) => {
  const { items } = await planSync(fleet, { ...selection, targets });
  for (const [target, own] of Map.groupBy(items, (item) => item.target)) {
    const errors = own.flatMap((item) => (item.kind === 'failed' ? item.error : []));
    const described: OutcomeItem[] = [];
    for (const item of own) described.push(await describe(fleet, item));
    await onResult({ target, items: described, verdict: verdictOf(errors), registry: [] });
  }
};

async function describe(fleet: OpenFleet, item: PlanItem): Promise<OutcomeItem> {
  const { rule } = item;
  if (item.kind === 'failed') return { rule, outcome: 'failed', error: shortError(item.error) };
  const { version } = item.source;
  if (item.kind !== 'changed' && item.kind !== 'blocked')
    return { rule, outcome: item.kind, version };
  const files = await describeFiles(fleet, item);
  const findings = item.kind === 'blocked' ? item.findings : [];
  const reasons = findings
    .filter(({ severity }) => severity === 'error')
    .slice(0, 20)
    .map(({ path, message }) => `${path}: ${message}`);
  return {
    rule,
    outcome: item.kind === 'changed' ? 'would change' : 'blocked',
    version,
    files,
    ...(reasons.length > 0 ? { detail: reasons.join('; ') } : {}),
  };
}

async function describeFiles(
  fleet: OpenFleet,
  { target, outcomes, commit }: Extract<PlanItem, { kind: 'changed' | 'blocked' }>,
): Promise<PlannedFile[]> {
  const changes = new Map(commit?.changes.map((change) => [change.path, change]));
  const changed = outcomes.filter(({ path }) => changes.has(path)).slice(0, MAX_FILES);
  const { repository } = await fleet.openTarget(target);
  const files: PlannedFile[] = [];
  let left = MAX_DIFFS;
  try {
    for (const { path, kind, before } of changed) {
      const change = changes.get(path);
      if (!change || left <= 0) {
        files.push({ path, kind });
        continue;
      }
      const old = before ? await repository.readBlob(before.oid) : new Uint8Array();
      const now =
        'remove' in change
          ? new Uint8Array()
          : 'oid' in change
            ? await repository.readBlob(change.oid)
            : change.content;
      const diff = differenceOf(path, old, now).slice(0, Math.min(MAX_DIFF, left));
      left -= diff.length;
      files.push({ path, kind, diff });
    }
  } finally {
    await repository.close();
  }
  return files;
}

function differenceOf(path: string, old: Uint8Array, now: Uint8Array): string {
  if (Math.max(old.length, now.length) > MAX_BYTES) return 'too large to show';
  return formatUnified(old, now, { labels: { a: `a/${path}`, b: `b/${path}` } });
}
