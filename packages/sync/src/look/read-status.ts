import { requestBranch } from '../apply/request-branch.js';
import type { Fleet } from '../fleet.js';
import { itemKey } from '../item-key.js';
import { assessItem } from '../item/plan-item.js';
import type { Assessment } from '../item/plan-item.js';
import type { FailedItem, ItemError } from '../plan.js';
import { inputsOf } from '../run/plan-sync.js';
import { prepareRun } from '../run/prepare-run.js';
import type { PreparedRule, PreparedRun } from '../run/prepare-run.js';
import { visitTarget, visitTargets } from '../run/visit-targets.js';
import type { VisitOptions } from '../run/visit-targets.js';
import type { RunSelection } from '../source/select-rules.js';
import { findDrift, findUnresolved } from '../target/find-drift.js';
import type { TargetView } from '../target/target-view.js';
import { everyRule } from './detect-drift.js';

/** One row of the registry: a target under a rule. */
export interface StatusRow {
  readonly target: string;
  readonly rule: string;
  readonly strategy: string;
  readonly frequency: string;
  /** The date that the last sync bears, ISO 8601 in UTC; absent before the first. */
  readonly lastSync?: string;
  /** The release that the target is current with, or else the one that it received last. */
  readonly version?: string;
  /**
   * `Current`: the target holds what its rule would deliver now. `Behind`: it does not. `Stale`:
   * behind, and the last sync is older than the frequency allows (14 days, `on_change` 7).
   */
  readonly status: 'Current' | 'Behind' | 'Stale' | 'Never synced' | 'Failed';
  /** How many releases came after the one that a target received which is behind. */
  readonly releasesBehind?: number;
  /** How many delivered files differ from the manifest. */
  readonly drifted?: number;
  /** How many delivered files wait for someone to decide a conflict. */
  readonly unresolved?: number;
  /** The open change request that brings the target up to date. */
  readonly request?: { readonly number: number; readonly url?: string };
  readonly error?: ItemError;
}

/** What to look at. */
export interface StatusOptions extends Pick<RunSelection, 'rules' | 'targets'>, VisitOptions {}

const DAY = 24 * 60 * 60 * 1000;
const ALLOWED_DAYS: Record<string, number> = { on_release: 14, on_change: 7, manual: 14 };

/** Reads the registry: for each rule where its target stands. Writes nothing. */
export async function readStatus(fleet: Fleet, options: StatusOptions = {}): Promise<StatusRow[]> {
  const rules = everyRule(fleet, options);
  if (rules.length === 0) return [];
  const run = await prepareRun(fleet, {
    rules: [...new Set(rules.map(({ rule }) => rule.id))],
    ...(options.targets ? { targets: options.targets } : {}),
  });
  const { contents } = run.source;
  const visited = visitTargets(fleet, run.targets, options, (open, own) =>
    visitTarget(fleet, open, own, contents, async (scheduled, view) => {
      const prepared = await run.prepare(scheduled);
      if ('kind' in prepared) return prepared;
      const inputs = await inputsOf(fleet, run, prepared, view, { acceptMovedTag: true });
      return rowOf(fleet, run, prepared, view, await assessItem(inputs));
    }),
  );
  const rows = new Map<string, StatusRow>();
  for await (const items of visited) {
    for (const item of items) {
      rows.set(itemKey(item), 'kind' in item ? failedRow(fleet, item) : item);
    }
  }
  return fleet.rules.flatMap(
    ({ rule: { id, target_repo: target } }) => rows.get(itemKey({ rule: id, target })) ?? [],
  );
}

async function rowOf(
  { configuration, clock }: Fleet,
  { source }: PreparedRun,
  { located, release }: PreparedRule,
  view: TargetView,
  { current, previous }: Assessment,
): Promise<StatusRow> {
  const { rule } = located;
  const base = rowBase(located);
  const branch = requestBranch(configuration.namespace, release.version, rule);
  const requests = await view.open.forge.findByHead(branch);
  const open = requests.find(({ state }) => state === 'open');
  const request = open && {
    request: { number: open.number, ...(open.url === undefined ? {} : { url: open.url }) },
  };
  if (!previous) return { ...base, status: current ? 'Current' : 'Never synced', ...request };
  const age = clock().getTime() - Date.parse(previous.synced_at);
  const stale = age > (ALLOWED_DAYS[rule.frequency] ?? 14) * DAY;
  const tags = (await source.releases()).map(({ tag }) => tag);
  const behind = tags.indexOf(previous.source_ref) - Math.max(0, tags.indexOf(release.ref));
  const unresolved = findUnresolved(previous, view.snapshot).length;
  const drifted = findDrift(located, previous, view, configuration.namespace).length;
  return {
    ...base,
    lastSync: previous.synced_at,
    version: current ? release.version : previous.source_ref,
    status: current ? 'Current' : stale ? 'Stale' : 'Behind',
    ...(!current && behind > 0 ? { releasesBehind: behind } : {}),
    ...(drifted > 0 ? { drifted } : {}),
    ...(unresolved > 0 ? { unresolved } : {}),
    ...request,
  };
}

function failedRow({ rules }: Fleet, { rule: id, target, error }: FailedItem): StatusRow {
  const located = rules.find(({ rule }) => rule.id === id && rule.target_repo === target);
  if (!located) throw new Error(`no rule ${id} for ${target}`);
  return { ...rowBase(located), status: 'Failed', error };
}

function rowBase({
  rule: { target_repo: target, id: rule, strategy, frequency },
}: Fleet['rules'][number]): Pick<StatusRow, 'target' | 'rule' | 'strategy' | 'frequency'> {
  return { target, rule, strategy, frequency };
}
