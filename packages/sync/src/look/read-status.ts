import { requestBranch, requestBranchPrefix } from '../apply/request-branch.js';
import type { Fleet } from '../fleet.js';
import { itemKey } from '../item-key.js';
import { assessItem } from '../item/plan-item.js';
import type { Assessment } from '../item/plan-item.js';
import type { FailedItem, ItemError } from '../plan.js';
import type { ChangeRequest, OpenTarget } from '../ports.js';
import { inputsOf } from '../run/plan-sync.js';
import { prepareRun } from '../run/prepare-run.js';
import type { PreparedRule, PreparedRun } from '../run/prepare-run.js';
import { visitTarget, visitTargets } from '../run/visit-targets.js';
import type { VisitOptions } from '../run/visit-targets.js';
import type { RunSelection } from '../source/select-rules.js';
import { toItemError } from '../sync-error.js';
import { findGoneRules } from '../target/find-gone-rules.js';
import { findCustomised, findDrift } from '../target/find-drift.js';
import type { CustomisedFile } from '../target/find-drift.js';
import type { Pause } from '../target/pause.js';
import type { TargetView } from '../target/target-view.js';
import { everyRule } from './detect-drift.js';
import { findUndecided } from './find-undecided.js';
import { allowedDays, defaultThresholds, thresholdsOf } from './thresholds.js';
import type { Thresholds } from './thresholds.js';

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
  /** Whole days since `lastSync`; none where clocks are apart. */
  readonly days?: number;
  readonly status: StatusWord;
  /** How many releases came after the one that a target received which is behind. */
  readonly releasesBehind?: number;
  /** How many delivered files differ from the manifest. */
  readonly drifted?: number;
  /** Their paths. */
  readonly driftedFiles?: readonly string[];
  /** How many delivered files wait for someone to decide a conflict. */
  readonly unresolved?: number;
  /** How many delivered files are the downstream's own version, by an override or by an edit that was merged. */
  readonly customised?: number;
  readonly customisedFiles?: readonly CustomisedFile[];
  /** Rules that are gone and have left files in the target; told by one row of each target. */
  readonly goneRules?: readonly string[];
  /** The open change request that brings the target up to date. */
  readonly request?: {
    readonly number: number;
    readonly url?: string;
    /** ISO 8601 in UTC. */
    readonly openedAt: string;
    /** What the forge's checks of it say; `none`: nothing checks it; `unknown`: it could not be asked. */
    readonly checks: 'passed' | 'failed' | 'pending' | 'none' | 'unknown';
  };
  /** Why nothing is known of a request: its forge could not be asked. The rest of the row holds. */
  readonly requestError?: ItemError;
  /** How many runs in a row failed, of those that `history` tells. */
  readonly failures?: number;
  /** The release that was rolled back and is not delivered again, and why. */
  readonly hold?: { readonly release: string; readonly reason: string };
  /** Nothing is delivered for now, as `registry pause` wrote into the configuration, and why. */
  readonly paused?: Pause;
  /** From where on the row is worth an alert; absent: those of the specification. */
  readonly thresholds?: Thresholds;
  /** Why the target could not be looked at. */
  readonly error?: ItemError;
}

/**
 * Where a target stands, in one word: the first that holds of
 *
 * - `Failing`: it could not be looked at, or more runs in a row failed than the threshold;
 * - `Conflict`: delivered files wait for someone to decide;
 * - `Drifted`: delivered files differ from the manifest, outside overrides;
 * - `Paused`: by `registry pause`, or rolled back and held until a newer release; until `registry resume`;
 * - `Never synced`: it has no manifest of the rule, which may deliver nothing to it;
 * - `Stale`: behind, and the last sync is older than the threshold of the frequency;
 * - `Behind`: it lacks what the rule would deliver now;
 * - `Current`.
 */
export type StatusWord = (typeof statusWords)[number];

/** Every {@link StatusWord}, the most urgent first. */
export const statusWords = [
  'Failing',
  'Conflict',
  'Drifted',
  'Paused',
  'Never synced',
  'Stale',
  'Behind',
  'Current',
] as const;

/** What to look at. */
export interface StatusOptions extends Pick<RunSelection, 'rules' | 'targets'>, VisitOptions {
  /** How many runs in a row failed, by rule and target; default: nothing is known of earlier runs. */
  readonly failures?: (item: { readonly rule: string; readonly target: string }) => number;
}

const DAY = 24 * 60 * 60 * 1000;

/** Reads the registry: for each rule where its target stands. Writes nothing. */
export async function readStatus(fleet: Fleet, options: StatusOptions = {}): Promise<StatusRow[]> {
  const rules = everyRule(fleet, options);
  if (rules.length === 0) return [];
  const run = await prepareRun(fleet, {
    rules: [...new Set(rules.map(({ rule }) => rule.id))],
    ...(options.targets ? { targets: options.targets } : {}),
  });
  const { contents } = run.source;
  const visited = visitTargets(fleet, run.targets, options, (open, own) => {
    const requests = openRequests(open, fleet.configuration.namespace);
    return visitTarget(fleet, open, own, contents, async (scheduled, view) => {
      const prepared = await run.prepare(scheduled);
      if ('kind' in prepared) return prepared;
      const inputs = await inputsOf(fleet, run, prepared, view, { acceptMovedTag: true });
      const assessment = await assessItem(inputs);
      const row = await rowOf(fleet, run, prepared, view, { ...assessment, options, requests });
      const goneRules = scheduled === own[0] ? findGoneRules(fleet, view) : [];
      return goneRules.length > 0 ? { ...row, goneRules } : row;
    });
  });
  const rows = new Map<string, StatusRow>();
  for await (const items of visited) {
    for (const item of items) {
      rows.set(itemKey(item), 'kind' in item ? failedRow(fleet, item, options) : item);
    }
  }
  return fleet.rules.flatMap(
    ({ rule: { id, target_repo: target } }) => rows.get(itemKey({ rule: id, target })) ?? [],
  );
}

/** The open requests of a target, asked for at most once, and not where every rule is current. */
type OpenRequests = () => Promise<readonly ChangeRequest[]>;

function openRequests({ forge }: OpenTarget, namespace: string): OpenRequests {
  let listed: Promise<readonly ChangeRequest[]> | undefined;
  return () => (listed ??= forge.listOpen(requestBranchPrefix(namespace)));
}

async function rowOf(
  { configuration, clock }: Fleet,
  { source }: PreparedRun,
  { located, release }: PreparedRule,
  view: TargetView,
  {
    current,
    previous,
    hold,
    pause,
    options,
    requests,
  }: Assessment & { readonly options: StatusOptions; readonly requests: OpenRequests },
): Promise<StatusRow> {
  const { rule } = located;
  const thresholds = thresholdsOf(configuration, located);
  const branch = requestBranch(configuration.namespace, release.version, rule);
  const failures = options.failures?.(rowBase(located)) ?? 0;
  const base = {
    ...rowBase(located),
    ...ownThresholds(thresholds),
    ...(failures > 0 ? { failures } : {}),
    ...(current ? {} : await openRequest(view, branch, requests)),
    ...(pause ? { paused: pause } : {}),
  };
  const failing = failures > thresholds.failures ? ('Failing' as const) : undefined;
  const waiting = pause ? ('Paused' as const) : undefined;
  if (!previous) return { ...base, status: failing ?? waiting ?? 'Never synced' };
  const age = (clock().getTime() - Date.parse(previous.synced_at)) / DAY;
  const days = Math.max(0, Math.floor(age) || 0);
  const stale = age > allowedDays(rule.frequency, thresholds);
  const tags = (await source.releases()).map(({ tag }) => tag);
  const behind = tags.indexOf(previous.source_ref) - Math.max(0, tags.indexOf(release.ref));
  const unresolved = (
    await findUndecided(previous, view.snapshot, (oid) => view.contents.read(oid), rule)
  ).length;
  const drifted = await findDrift(located, previous, view, configuration);
  const customised = findCustomised(located, previous, view, configuration);
  const progress = hold ? 'Paused' : current ? 'Current' : stale ? 'Stale' : 'Behind';
  const held = unresolved > 0 ? 'Conflict' : drifted.length > 0 ? 'Drifted' : undefined;
  return {
    ...base,
    lastSync: previous.synced_at,
    days,
    version: current ? release.version : previous.source_ref,
    status: failing ?? held ?? waiting ?? progress,
    ...(!current && behind > 0 ? { releasesBehind: behind } : {}),
    ...(drifted.length > 0
      ? { drifted: drifted.length, driftedFiles: drifted.map(({ path }) => path) }
      : {}),
    ...(unresolved > 0 ? { unresolved } : {}),
    ...(customised.length > 0
      ? { customised: customised.length, customisedFiles: customised }
      : {}),
    ...(hold ? { hold: { release: hold.release, reason: hold.reason } } : {}),
  };
}

/** The request that is open for the row. A forge that does not answer hides that, and nothing else. */
async function openRequest(
  { open: { forge } }: TargetView,
  branch: string,
  requests: OpenRequests,
): Promise<Pick<StatusRow, 'request' | 'requestError'>> {
  try {
    const request = (await requests()).find(({ head }) => head === branch);
    if (!request) return {};
    const { id, number, url, createdAt: openedAt } = request;
    const about = { number, ...(url === undefined ? {} : { url }), openedAt };
    try {
      const { verdict: checks } = await forge.readiness(id);
      return { request: { ...about, checks } };
    } catch (error) {
      return { request: { ...about, checks: 'unknown' }, requestError: toItemError(error) };
    }
  } catch (error) {
    return { requestError: toItemError(error) };
  }
}

function failedRow(
  { rules, configuration }: Fleet,
  { rule: id, target, error }: FailedItem,
  { failures }: StatusOptions,
): StatusRow {
  const located = rules.find(({ rule }) => rule.id === id && rule.target_repo === target);
  if (!located) throw new Error(`no rule ${id} for ${target}`);
  const known = failures?.({ rule: id, target }) ?? 0;
  const before = known > 0 ? { failures: known } : {};
  const thresholds = ownThresholds(thresholdsOf(configuration, located));
  return { ...rowBase(located), ...thresholds, status: 'Failing', ...before, error };
}

function ownThresholds(thresholds: Thresholds): Pick<StatusRow, 'thresholds'> {
  const keys = Object.keys(defaultThresholds) as (keyof Thresholds)[];
  const isOwn = keys.some((key) => thresholds[key] !== defaultThresholds[key]);
  return isOwn ? { thresholds } : {};
}

function rowBase({
  rule: { target_repo: target, id: rule, strategy, frequency },
}: Fleet['rules'][number]): Pick<StatusRow, 'target' | 'rule' | 'strategy' | 'frequency'> {
  return { target, rule, strategy, frequency };
}
