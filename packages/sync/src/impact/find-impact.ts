import type { TargetRule } from '@holdfast/manifest';
import { hashSha256 } from '@holdfast/manifest';
import type { Finding } from '../finding.js';
import type { Fleet } from '../fleet.js';
import { planItem } from '../item/plan-item.js';
import { everyRule } from '../look/detect-drift.js';
import type { Conflict, FailedItem, Outcome, OutcomeKind, PlannedItem } from '../plan.js';
import type { OpenTarget, Snapshot } from '../ports.js';
import { BoundedMap, remember } from '../remember.js';
import { inputsOf } from '../run/plan-sync.js';
import { prepareRun } from '../run/prepare-run.js';
import type { PreparedRule, PreparedRun } from '../run/prepare-run.js';
import { visitTargets } from '../run/visit-targets.js';
import type { VisitOptions } from '../run/visit-targets.js';
import type { RunSelection, ScheduledRule } from '../source/select-rules.js';
import type { Selection } from '../source/select-deliveries.js';
import { failedItem } from '../sync-error.js';
import { targetBranch } from '../target/target-branch.js';
import { readTarget } from '../target/target-view.js';
import { compareMeaning } from './compare-meaning.js';
import type { MeaningChange } from './compare-meaning.js';
import { readSourceChange } from './source-change.js';
import type { SourceChange } from './source-change.js';

/** What the merge would make of one delivered file of a target. */
export interface ImpactFile {
  readonly path: string;
  /** What a sync of the merged source would do there; `unchanged`: it would do nothing any more. */
  readonly kind: OutcomeKind;
  readonly source?: string;
  readonly drifted?: boolean;
  readonly conflict?: Omit<Conflict, 'hunks'>;
}

interface ImpactIdentity {
  readonly rule: string;
  readonly target: string;
}

/** What the merge would do to a target under a rule that delivers something else after it. */
export interface AffectedItem extends ImpactIdentity {
  readonly kind: 'affected';
  readonly frequency: string;
  /** Files whose sync comes to something else by the merge, sorted by path; none: only the source differs. */
  readonly files: readonly ImpactFile[];
  /** How many of them would be in conflict. */
  readonly conflicts: number;
  /** Gates would keep the request from being opened. */
  readonly blocked: boolean;
  /** What checks would say that they do not say of the source as it is. */
  readonly findings: readonly Finding[];
  /** What changes in meaning in the delivered models. */
  readonly meaning: readonly MeaningChange[];
}

export type ImpactItem = AffectedItem | FailedItem;

/** Keeps what is known of a target at one head under one change of the source; entries never go stale. */
export interface ImpactCache {
  get(key: string): Promise<ImpactItem | undefined>;
  set(key: string, item: ImpactItem): Promise<void>;
}

/** What would be merged into what, and what to look at. */
export interface ImpactOptions extends Pick<RunSelection, 'rules' | 'targets'>, VisitOptions {
  /** Branches, tags or commits of the source. */
  readonly base: string;
  readonly head: string;
  /** Default: nothing is kept. */
  readonly cache?: ImpactCache;
}

/** What a merge in the source would do downstream. */
export interface Impact {
  readonly base: { readonly name: string; readonly commit: string };
  readonly head: { readonly name: string; readonly commit: string };
  /** Files of the source on which the two branches themselves conflict. */
  readonly sourceConflicts: readonly string[];
  /** Rules and targets to which the merge brings nothing; their targets are not opened. */
  readonly unaffected: readonly ImpactIdentity[];
  /** The others, in the order of the rules' targets, as they come. */
  readonly items: AsyncIterable<ImpactItem>;
}

/**
 * Says what merging `head` into `base` would do to every target: the difference between what a sync of
 * the source would do before and after it. Everything is planned from objects, and nothing is written;
 * only targets of rules that deliver something else are opened. Manual rules are looked at too.
 *
 * @throws SyncError `unknown-revision`, `unknown-rule`, `unknown-target`
 */
export async function findImpact(fleet: Fleet, options: ImpactOptions): Promise<Impact> {
  const change = await readSourceChange(fleet.source, options);
  const rules = [...new Set(everyRule(fleet, options).map(({ rule }) => rule.id))];
  const { targets } = options;
  const selection = { rules, ref: change.head.oid, ...(targets ? { targets } : {}) };
  const empty = rules.length === 0;
  const before = { ...fleet, source: change.before };
  const after = { ...fleet, source: change.after };
  const runs: Runs = {
    change,
    before: { fleet: before, run: await prepareRun(before, selection) },
    after: { fleet: after, run: await prepareRun(after, selection) },
    meanings: new BoundedMap(64),
    salt: await saltOf(fleet),
  };
  const { affected, unaffected } = empty
    ? { affected: new Map<string, readonly RulePair[]>(), unaffected: [] }
    : await findAffected(runs);
  const visited = visitTargets(after, affected, options, (open, pairs) =>
    visitTarget(runs, open, pairs, options),
  );
  return {
    base: { name: options.base, commit: change.base.oid },
    head: { name: options.head, commit: change.head.oid },
    sourceConflicts: change.conflicts,
    unaffected,
    items: flatten(visited),
  };
}

/** One rule with its target, before and after; whoever fails before may well be mended after. */
interface RulePair {
  readonly located: TargetRule;
  readonly before: PreparedRule | FailedItem;
  readonly after: PreparedRule | FailedItem;
}

interface Side {
  readonly fleet: Fleet;
  readonly run: PreparedRun;
}

interface Runs {
  readonly change: SourceChange;
  readonly before: Side;
  readonly after: Side;
  readonly meanings: BoundedMap<string, Promise<readonly MeaningChange[]>>;
  /** What every answer depends on beside source, rule and target. */
  readonly salt: string;
}

async function* flatten<Item>(
  targets: AsyncIterable<readonly Item[]>,
): AsyncGenerator<Item, void, undefined> {
  for await (const items of targets) yield* items;
}

async function findAffected({ change, before, after }: Runs): Promise<{
  readonly affected: ReadonlyMap<string, readonly RulePair[]>;
  readonly unaffected: readonly ImpactIdentity[];
}> {
  const snapshots = {
    before: await before.run.source.snapshot(change.head.oid),
    after: await after.run.source.snapshot(change.head.oid),
  };
  const samePaths = haveSamePaths(snapshots.before, snapshots.after);
  const compared = new WeakMap<Selection['deliveries'], boolean>();
  const affected = new Map<string, readonly RulePair[]>();
  const unaffected: ImpactIdentity[] = [];
  for (const [target, scheduled] of after.run.targets) {
    const earlier = before.run.targets.get(target) ?? [];
    const pairs: RulePair[] = [];
    for (const [index, item] of scheduled.entries()) {
      const pair = {
        located: item.located,
        before: await before.run.prepare(earlier[index] as ScheduledRule),
        after: await after.run.prepare(item),
      };
      if (bringsNothing(pair, { snapshots, samePaths, compared })) {
        unaffected.push({ rule: item.located.rule.id, target });
      } else pairs.push(pair);
    }
    if (pairs.length > 0) affected.set(target, pairs);
  }
  return { affected, unaffected };
}

/** Whether a rule delivers the same before and after, so that no target need be looked at. */
function bringsNothing(
  { located: { rule }, before, after }: RulePair,
  {
    snapshots,
    samePaths,
    compared,
  }: {
    readonly snapshots: Readonly<Record<'before' | 'after', Snapshot>>;
    readonly samePaths: boolean;
    readonly compared: WeakMap<Selection['deliveries'], boolean>;
  },
): boolean {
  if ('kind' in before || 'kind' in after) return 'kind' in before && 'kind' in after;
  // Links are rewritten by what else there is in the source.
  if (!samePaths && (rule.transforms.length > 0 || rule.strategy !== 'copy')) return false;
  const sameSchemas = rule.schemas.every(
    ({ schema }) =>
      snapshots.before.entries.get(schema)?.oid === snapshots.after.entries.get(schema)?.oid,
  );
  const { deliveries } = after.selection;
  return (
    sameSchemas &&
    remember(compared, deliveries, () => areSame(before.selection.deliveries, deliveries))
  );
}

function haveSamePaths(a: Snapshot, b: Snapshot): boolean {
  return a.entries.size === b.entries.size && [...a.entries.keys()].every((p) => b.entries.has(p));
}

function areSame(a: Selection['deliveries'], b: Selection['deliveries']): boolean {
  return (
    a.length === b.length &&
    a.every((one, index) => {
      const other = b[index];
      return (
        one.path === other?.path &&
        one.oid === other.oid &&
        one.mode === other.mode &&
        one.source === other.source
      );
    })
  );
}

async function visitTarget(
  runs: Runs,
  open: OpenTarget,
  pairs: readonly RulePair[],
  { cache }: ImpactOptions,
): Promise<ImpactItem[]> {
  const items: ImpactItem[] = [];
  for (const pair of pairs) {
    const { id: rule, target_repo: target } = pair.located.rule;
    try {
      const branch = await targetBranch(runs.after.fleet, open, pair.located);
      const head = await open.repository.resolveCommit(`refs/heads/${branch}`);
      const key = head && keyOf(runs, pair, branch, head.oid);
      const known = key === undefined ? undefined : await cache?.get(key);
      const item = known ?? (await lookAt(runs, open, pair, branch));
      items.push(item);
      if (key !== undefined && !known && item.kind === 'affected') await cache?.set(key, item);
    } catch (error) {
      runs.after.fleet.logger?.debug({ rule, target, err: error }, 'impact failed');
      items.push(failedItem(rule, target, error));
    }
  }
  return items;
}

async function lookAt(
  runs: Runs,
  open: OpenTarget,
  pair: RulePair,
  branch: string,
): Promise<ImpactItem> {
  const after = await planAt(runs.after, open, pair.after, branch);
  if (after.kind === 'failed') return after;
  const before = await planAt(runs.before, open, pair.before, branch);
  return describe(runs, pair, before.kind === 'failed' ? undefined : before, after);
}

async function planAt(
  { fleet, run }: Side,
  open: OpenTarget,
  prepared: PreparedRule | FailedItem,
  branch: string,
): Promise<PlannedItem | FailedItem> {
  if ('kind' in prepared) return prepared;
  const { target_repo: target } = prepared.located.rule;
  const view = await readTarget(target, open, branch, run.source.contents);
  const inputs = await inputsOf(fleet, run, prepared, view, { acceptMovedTag: true });
  return (await planItem(inputs)).item;
}

async function describe(
  { change, meanings }: Runs,
  { located, before: prior, after: prepared }: RulePair,
  before: PlannedItem | undefined,
  after: PlannedItem,
): Promise<AffectedItem> {
  const known = new Map(before?.outcomes.map((outcome) => [outcome.path, traceOf(outcome)]));
  const files = after.outcomes.filter(
    (outcome) => traceOf(outcome) !== (known.get(outcome.path) ?? traceOf(nothingAt(outcome))),
  );
  const said = new Set(before?.findings.map(saying));
  const meaning =
    'kind' in prepared
      ? []
      : await remember(meanings, `${located.rule.id} ${located.rule.target_path}`, () =>
          compareMeaning(
            change,
            'kind' in prior ? [] : prior.selection.deliveries,
            prepared.selection.deliveries,
          ),
        );
  return {
    kind: 'affected',
    rule: located.rule.id,
    target: after.target,
    frequency: located.rule.frequency,
    files: files.map(fileOf),
    conflicts: files.filter(({ kind }) => kind === 'conflicted').length,
    blocked: after.kind === 'blocked',
    findings: after.findings.filter((finding) => !said.has(saying(finding))),
    meaning,
  };
}

function fileOf({ path, kind, source, drifted, conflict }: Outcome): ImpactFile {
  const { hunks: _hunks, ...places } = conflict ?? { kind: 'content', ranges: [] };
  return {
    path,
    kind,
    ...(source === undefined ? {} : { source }),
    ...(drifted ? { drifted } : {}),
    ...(conflict ? { conflict: places } : {}),
  };
}

/** What a file that the source does not deliver comes to. */
function nothingAt({ path, before }: Outcome): Outcome {
  return { path, kind: 'unchanged', ...(before ? { before, after: before } : {}) };
}

function traceOf({ kind, after, conflict }: Outcome): string {
  return JSON.stringify([kind, after?.oid, after?.mode, conflict?.kind, conflict?.ranges]);
}

function saying({ ruleId, path, message }: Finding): string {
  return `${ruleId} ${path} ${message}`;
}

/** A form of the answer that is kept; it goes up when the answer to the same question changes. */
const ANSWER_VERSION = 1;

async function saltOf({ configuration, rules, sourceName, source }: Fleet): Promise<string> {
  const { targets: _targets, ...settings } = configuration;
  const releases = await source.listReleases(configuration.source.release_tags);
  return JSON.stringify([
    ANSWER_VERSION,
    sourceName,
    settings,
    releases.map(({ tag, commit }) => [tag, commit]),
    hashSha256(new TextEncoder().encode(JSON.stringify(rules.map(({ rule }) => rule)))),
  ]);
}

function keyOf(
  { change, salt, after }: Runs,
  { located: { rule } }: RulePair,
  branch: string,
  head: string,
): string {
  const { [rule.target_repo]: settings } = after.fleet.configuration.targets;
  const parts = [salt, change.key, rule, settings, branch, head];
  return hashSha256(new TextEncoder().encode(JSON.stringify(parts)));
}
