import { fitRequest, neutralizeReferences } from '@holdfast/forge';
import { hashSha256, ruleStatePaths, serializeManifest } from '@holdfast/manifest';
import type { Manifest, ManifestEntry, TargetRule } from '@holdfast/manifest';
import { formatReport } from '@holdfast/validation';
import type { ValidationReport } from '@holdfast/validation';
import { applyChange } from '../apply/apply-change.js';
import type { AppliedItem } from '../apply/apply-change.js';
import { authorOf } from '../apply/author.js';
import type { Change } from '../apply/change.js';
import { requestBranchPrefix } from '../apply/request-branch.js';
import { labelsOf } from '../file/merge-contents.js';
import type { Fleet } from '../fleet.js';
import { validateItem } from '../item/validate-item.js';
import { everyRule } from '../look/detect-drift.js';
import type { FailedItem, Outcome, PlannedSource } from '../plan.js';
import type { ChangeRequest, Signature, TreeChange } from '../ports.js';
import { inputsOf } from '../run/plan-sync.js';
import { prepareRun } from '../run/prepare-run.js';
import type { PreparedRule, PreparedRun } from '../run/prepare-run.js';
import { visitTarget, visitTargets } from '../run/visit-targets.js';
import type { VisitOptions } from '../run/visit-targets.js';
import type { RunSelection } from '../source/select-rules.js';
import { failedItem, SyncError } from '../sync-error.js';
import { holdPath, readHold, serializeHold } from '../target/hold.js';
import type { TargetView } from '../target/target-view.js';
import { appendDecision, DECISIONS } from '../target/append-decision.js';
import type { RollbackRecord } from './rollback-record.js';
import { findSyncs } from './find-syncs.js';
import type { FoundSyncs } from './find-syncs.js';
import { isSame, revertFile } from './revert-file.js';
import type { RevertedFile } from './revert-file.js';

/** What to roll back, and why. */
export interface RollbackOptions extends Pick<RunSelection, 'rules' | 'targets'>, VisitOptions {
  /** The release to go back to: one that was delivered before. */
  readonly to: string;
  readonly reason: string;
  /** Of the rules, only those of these groups. Default: all. */
  readonly groups?: readonly string[];
  /** Who asks for it, for the log. */
  readonly loggedBy: string;
  /** Only say what would be done. Default false. */
  readonly dryRun?: boolean;
}

/** One file of a rollback. */
export interface RollbackFile {
  readonly path: string;
  /** `kept`: someone must decide, and nothing was merged: see `conflict`. */
  readonly kind: 'restored' | 'removed' | 'merged' | 'conflicted' | 'kept';
  readonly conflict?: RevertedFile['conflict'];
}

interface RollbackIdentity {
  readonly rule: string;
  readonly target: string;
}

/** What became of the rollback of one rule in one target. */
export type RollbackItem =
  | (RollbackIdentity & {
      readonly kind: 'rolled-back';
      readonly from: string;
      readonly to: string;
      /** The commits of the target that are taken back, the newest first. */
      readonly reverted: readonly string[];
      readonly branch: string;
      readonly files: readonly RollbackFile[];
      readonly validation: ValidationReport;
      /** What was opened; absent after a dry run. */
      readonly applied?: AppliedItem;
      /** The issue of the source; absent after a dry run, and where none could be opened. */
      readonly issue?: { readonly number: number; readonly url?: string };
      readonly notes: readonly string[];
    })
  | (RollbackIdentity & { readonly kind: 'already-there'; readonly to: string })
  | FailedItem;

/**
 * Brings targets back to a release that they had: takes back exactly what syncs delivered since, keeps
 * what people changed, validates the result, and proposes it in a change request that logs itself in
 * `DECISIONS.md`: one for all rules that go back on a branch. An issue in the source says why. The target is
 * then held: it is not synced to what was rolled back, but to any later release.
 */
export async function rollbackFleet(
  fleet: Fleet,
  options: RollbackOptions,
): Promise<RollbackItem[]> {
  const { targets, to } = options;
  const rules = [...new Set(chosenRules(fleet, options).map(({ rule }) => rule.id))];
  const run = await prepareRun(fleet, { rules, release: to, ...(targets ? { targets } : {}) });
  const visited = visitTargets(fleet, run.targets, options, async (open, own) => {
    const found = await visitTarget(
      fleet,
      open,
      own,
      run.source.contents,
      async (scheduled, view) => {
        const prepared = await run.prepare(scheduled);
        return 'kind' in prepared ? prepared : draftRollback(fleet, run, prepared, view, options);
      },
    );
    return proposeAll(fleet, found, options);
  });
  return (await Array.fromAsync(visited)).flat();
}

function chosenRules(fleet: Fleet, options: RollbackOptions): TargetRule[] {
  const rules = everyRule(fleet, options);
  const { groups = [] } = options;
  if (groups.length === 0) return rules;
  const known = new Set(rules.flatMap(({ rule }) => rule.group ?? []));
  const unknown = groups.find((group) => !known.has(group));
  if (unknown !== undefined) {
    throw new SyncError('unknown-rule', `no rule is of the group ${JSON.stringify(unknown)}`, {
      hint: `the groups are: ${[...known].join(', ') || 'none'}`,
    });
  }
  return rules.filter(({ rule }) => rule.group !== undefined && groups.includes(rule.group));
}

type RolledBack = Extract<RollbackItem, { kind: 'rolled-back' }>;

/** What taking back one rule in one target would be. */
interface Draft {
  readonly kind: 'draft';
  readonly item: Omit<RolledBack, 'branch'>;
  readonly view: TargetView;
  readonly rule: TargetRule['rule'];
  readonly release: PlannedSource;
  readonly changes: readonly TreeChange[];
  readonly outcomes: readonly Outcome[];
  readonly manifest: Manifest;
}

async function draftRollback(
  fleet: Fleet,
  run: PreparedRun,
  prepared: PreparedRule,
  view: TargetView,
  options: RollbackOptions,
): Promise<Draft | RollbackItem> {
  const { rule } = prepared.located;
  const { namespace } = fleet.configuration;
  const { to } = options;
  const found = await findSyncs(view, namespace, rule.id, to);
  const identity = { rule: rule.id, target: view.name };
  if (found.kind === 'already-there') return { kind: 'already-there', ...identity, to };
  if (found.kind !== 'found') throw nothingToGoBackTo(found, identity, to);
  const { current, syncs } = found;
  const [newest] = syncs;
  const restored = syncs.at(-1)?.before.manifest ?? newest.before.manifest;

  const paths = new Set(
    syncs.flatMap(({ after, before }) => [
      ...after.manifest.files.keys(),
      ...before.manifest.files.keys(),
    ]),
  );
  const reverted: RevertedFile[] = [];
  for (const path of [...paths].sort()) {
    const file = await revertFile(path, view.snapshot.entries.get(path), syncs, {
      merge: rule.merge,
      labels: labelsOf(fleet.sourceName, to),
      read: (oid) => view.contents.read(oid),
    });
    if (file.conflict || !isSame(file.before, file.after)) reverted.push(file);
  }

  const manifest = manifestOf(restored, reverted);
  const changes: TreeChange[] = [
    ...reverted.flatMap(changeOf),
    {
      path: ruleStatePaths(namespace, rule.id).manifest,
      mode: '100644',
      content: new TextEncoder().encode(serializeManifest(manifest)),
    },
    ...(await holdChange(run, view, { namespace, rule: rule.id, current, restored }, options)),
  ];
  const inputs = await inputsOf(fleet, run, prepared, view, { acceptMovedTag: true });
  const outcomes = reverted.map(outcomeOf);
  const item = {
    kind: 'rolled-back' as const,
    ...identity,
    from: current.source_ref,
    to,
    reverted: syncs.map(({ commit }) => commit.oid),
    files: reverted.map(describeFile),
    validation: (await validateItem(inputs, outcomes, changes)).report,
    notes: [],
  };
  const { release } = prepared;
  return { kind: 'draft', item, view, rule, release, changes, outcomes, manifest };
}

/** Proposes what goes back on one branch of a target in one request, so that their entries in the log do not conflict. */
async function proposeAll(
  fleet: Fleet,
  found: readonly (Draft | RollbackItem)[],
  options: RollbackOptions,
): Promise<RollbackItem[]> {
  const drafts = found.filter((one) => one.kind === 'draft');
  const done = new Map<Draft | RollbackItem, RollbackItem>();
  for (const own of Map.groupBy(drafts, ({ view }) => view.branch).values()) {
    const items = await propose(fleet, own, options).catch((error: unknown) =>
      own.map(({ item }) => failedItem(item.rule, item.target, error)),
    );
    for (const [index, draft] of own.entries()) done.set(draft, items[index] as RollbackItem);
  }
  return found.flatMap((one) => done.get(one) ?? (one.kind === 'draft' ? [] : one));
}

async function propose(
  fleet: Fleet,
  drafts: readonly Draft[],
  options: RollbackOptions,
): Promise<RollbackItem[]> {
  const [{ view, release }] = drafts as [Draft, ...Draft[]];
  const { namespace, targets } = fleet.configuration;
  const name = nameOf(drafts);
  const branch = `${requestBranchPrefix(namespace)}rollback/${options.to}/${name}`;
  const items = drafts.map(({ item }) => ({ ...item, branch }));
  if (options.dryRun) return items;

  const [latest] = await view.open.forge.findByHead(branch);
  if (latest?.state === 'closed') {
    // Closed means closed: nobody is told of what does not take place.
    return items.map((item) => ({ ...item, applied: { kind: 'declined', request: latest } }));
  }
  const known = latest?.state === 'open' ? latest : undefined;
  const told: UpstreamIssue[] = [];
  for (const item of items) told.push(await tellUpstream(fleet, item, known, options));
  const log = await logChange(
    view,
    drafts.map(({ item }, index) => ({
      date: fleet.clock().toISOString().slice(0, 10),
      sync_version: item.from,
      reverted_commit: (item.reverted[0] ?? '').slice(0, 7),
      reason: options.reason,
      restored_to: `${item.to} sync state`,
      ...followUp(fleet, told[index]),
      logged_by: options.loggedBy,
    })),
  );
  const rules = drafts.map(({ rule }) => rule.id);
  const from = [...new Set(items.map((item) => item.from))].join(', ');
  const title = `sync(${namespace}): Roll back ${rules.join(', ')} from ${from} to ${options.to}`;
  const signature: Signature = {
    ...authorOf(fleet.configuration),
    timestamp: view.head.committer.timestamp,
    timezone: '+0000',
  };
  const change: Change = {
    name,
    rules,
    target: view.name,
    source: release,
    outcomes: drafts.flatMap(({ outcomes }) => outcomes),
    manifests: new Map(
      drafts.map(({ rule, manifest }) => [ruleStatePaths(namespace, rule.id).manifest, manifest]),
    ),
    commit: {
      parent: view.head.oid,
      message: `${title}\n\n${options.reason}\n\n${rules.map((id) => `Holdfast-Rule: ${id}\n`).join('')}`,
      signature,
      changes: [...drafts.flatMap(({ changes }) => changes), log],
    },
    request: {
      branch,
      base: view.branch,
      ...fitRequest(
        {
          title,
          body: items.map((item) => bodyOf(item, options)).join('\n'),
          labels: [`${namespace}-sync`, 'auto-generated', 'rollback'],
          reviewers: [...new Set(drafts.flatMap(({ rule }) => rule.reviewers))],
        },
        view.open.forge.limits,
      ),
      autoMerge: false,
    },
  };
  try {
    const applied = await applyChange(change, view.open, {
      namespace,
      method: targets[view.name]?.method ?? 'merge',
      // What is open for another release stays open: people decide what becomes of it.
      isEarlier: async () => false,
    });
    for (const item of items) await tellUpstream(fleet, item, applied.request, options);
    return items.map((item, index) => {
      const { issue, notes = [] } = told[index] ?? {};
      return { ...item, applied, notes, ...(issue ? { issue } : {}) };
    });
  } catch (error) {
    if (!known) for (const item of items) await takeBack(fleet, item, error);
    throw error;
  }
}

const LONGEST_NAME = 150;

/** The last part of the branch: the rule, or all that go back together. */
function nameOf(drafts: readonly Draft[]): string {
  const rules = drafts.map(({ rule }) => rule.id).sort();
  const all = rules.join('+');
  return all.length <= LONGEST_NAME ? all : `${rules[0]}+${rules.length - 1}-more`;
}

function followUp(
  { sourceName }: Fleet,
  told: UpstreamIssue | undefined,
): { readonly follow_up_issue?: string } {
  return told?.issue ? { follow_up_issue: `${shortName(sourceName)}#${told.issue.number}` } : {};
}

function nothingToGoBackTo(
  found: Extract<FoundSyncs, { kind: 'never-synced' | 'not-delivered' }>,
  { rule, target }: RollbackIdentity,
  to: string,
): SyncError {
  if (found.kind === 'never-synced') {
    return new SyncError('not-delivered', `${target} has never received ${rule}`, {
      hint: 'see where it stands with: holdfast status',
    });
  }
  return new SyncError(
    'not-delivered',
    `${target} has never had ${to} of ${rule}, as far as its history says`,
    { hint: `it had: ${found.delivered.join(', ')}` },
  );
}

/** Says in the state folder what is not wanted again; or nothing more, where the way leads forward. */
async function holdChange(
  { source }: PreparedRun,
  view: TargetView,
  {
    namespace,
    rule,
    current,
    restored,
  }: { namespace: string; rule: string; current: Manifest; restored: Manifest },
  { reason }: RollbackOptions,
): Promise<TreeChange[]> {
  const path = holdPath(namespace, rule);
  const known = await readHold(view, namespace, rule);
  const backwards = await source.isAncestor(restored.source_commit, current.source_commit);
  if (!backwards) {
    return view.snapshot.entries.has(path) ? [{ path, remove: true }] : [];
  }
  const later = known && (await source.isAncestor(current.source_commit, known.commit));
  const hold = later
    ? known
    : { release: current.source_ref, commit: current.source_commit, reason };
  return [{ path, mode: '100644', content: serializeHold(hold) }];
}

/** The manifest of the release, and of what people have yet to decide as much as `resolve` needs. */
function manifestOf(restored: Manifest, reverted: readonly RevertedFile[]): Manifest {
  const files = new Map(restored.files);
  for (const { path, before, after, conflict } of reverted) {
    const record = files.get(path);
    if (!record || !after?.content || !conflict || !before) continue;
    const marked: ManifestEntry = {
      ...record,
      oid: after.oid,
      sha256: hashSha256(after.content),
      mode: after.mode,
      base_oid: record.base_oid ?? record.oid,
      conflict: true,
      conflict_ours_oid: before.oid,
    };
    files.set(path, marked);
  }
  return { ...restored, files };
}

function changeOf({ path, before, after }: RevertedFile): TreeChange[] {
  if (isSame(before, after)) return [];
  if (!after) return [{ path, remove: true }];
  const { mode, oid, content } = after;
  return [content ? { path, mode, content } : { path, mode, oid }];
}

function outcomeOf({ path, before, after, conflict }: RevertedFile): Outcome {
  return {
    path,
    kind: conflict ? 'conflicted' : after ? 'merged' : 'removed',
    ...(before ? { before } : {}),
    ...(after ? { after: { oid: after.oid, mode: after.mode } } : {}),
    ...(conflict ? { conflict } : {}),
  };
}

function describeFile({ path, after, conflict }: RevertedFile): RollbackFile {
  if (conflict) return { path, kind: after?.content ? 'conflicted' : 'kept', conflict };
  if (!after) return { path, kind: 'removed' };
  return { path, kind: after.content ? 'merged' : 'restored' };
}

/** What the source was told. */
interface UpstreamIssue {
  readonly issue?: NonNullable<RolledBack['issue']>;
  readonly notes: readonly string[];
}

function issueKey(namespace: string, { rule, target, from, to }: RolledBack): string {
  return `${namespace}-rollback ${rule} ${target} ${from} ${to}`;
}

/** The issue in the source, with the request once there is one; that none could be opened keeps nobody from going back. */
async function tellUpstream(
  { sourceForge, logger, configuration: { namespace } }: Fleet,
  item: RolledBack,
  request: ChangeRequest | undefined,
  { reason, loggedBy }: RollbackOptions,
): Promise<UpstreamIssue> {
  if (!sourceForge) return { notes: ['the source has no place for issues'] };
  const { rule, target, from, to, files } = item;
  const where = request
    ? `**Request:** ${request.url ?? `#${request.number} of ${target}`}\n\n`
    : '';
  try {
    const { issue } = await sourceForge.issues.report({
      key: issueKey(namespace, item),
      title: `${target} rolled back ${rule} from ${from} to ${to}`,
      body: neutralizeReferences(
        `${target} goes back from ${from} to ${to} under the rule ${rule}: ${files.length} files.\n\n**Reason:** ${reason}\n\n${where}Logged by ${loggedBy}. It is not synced to ${from} again; a newer release is.\n`,
      ),
      labels: ['rollback'],
    });
    const { number, url } = issue;
    return { issue: { number, ...(url === undefined ? {} : { url }) }, notes: [] };
  } catch (error) {
    logger?.warn({ err: error }, 'the issue in the source could not be opened');
    return { notes: [`no issue was opened in the source: ${messageOf(error)}`] };
  }
}

/** Closes the issue of a rollback that could not be proposed. */
async function takeBack(
  { sourceForge, logger, configuration: { namespace } }: Fleet,
  item: RolledBack,
  cause: unknown,
): Promise<void> {
  const words = `It could not be proposed: ${messageOf(cause)}`;
  await sourceForge?.issues.resolve(issueKey(namespace, item), words).catch((error: unknown) => {
    logger?.warn({ err: error }, 'the issue in the source could not be closed');
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function logChange(
  { snapshot, contents, name }: TargetView,
  records: readonly RollbackRecord[],
): Promise<TreeChange> {
  const entry = snapshot.entries.get(DECISIONS);
  if (entry && entry.mode !== '100644' && entry.mode !== '100755') {
    throw new SyncError('not-a-file', `${DECISIONS} of ${name} is no file`, {
      blame: 'repository',
      hint: 'make it a file, so that the rollback can be logged there',
    });
  }
  let text = entry && new TextDecoder().decode(await contents.read(entry.oid));
  for (const record of records) {
    const heading = `${record.date}: back from ${record.sync_version} to ${record.restored_to}`;
    text = appendDecision(text, { heading, kind: 'rollback', record: { ...record } });
  }
  return {
    path: DECISIONS,
    mode: entry?.mode ?? '100644',
    content: new TextEncoder().encode(text),
  };
}

function shortName(sourceName: string): string {
  return sourceName.slice(sourceName.lastIndexOf('/') + 1);
}

const words: Record<RollbackFile['kind'], string> = {
  restored: 'as before',
  removed: 'removed',
  merged: 'taken back, later changes kept',
  conflicted: 'conflict markers: decide',
  kept: 'left as it is: decide',
};

const LISTED_FILES = 500;

function bodyOf(
  { from, to, rule, files, validation }: RolledBack,
  options: RollbackOptions,
): string {
  const shown = files.slice(0, LISTED_FILES);
  const more = files.length - shown.length;
  return [
    `## Rollback from ${from} to ${to}`,
    `**Sync rule:** ${rule}\n**Reason:** ${neutralizeReferences(options.reason)}`,
    shown.map(({ path, kind }) => `- ${JSON.stringify(path)} (${words[kind]})`).join('\n'),
    ...(more > 0 ? [`and ${more} more`] : []),
    `### Validation Results\n\n${formatReport(validation, 'markdown').trim()}`,
    `Once this is merged, ${from} is not delivered here again; a newer release is.`,
    '',
  ].join('\n\n');
}
