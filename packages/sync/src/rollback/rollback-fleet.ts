import { neutralizeReferences } from '@holdfast/forge';
import { hashSha256, ruleStatePaths, serializeManifest } from '@holdfast/manifest';
import type { Manifest, ManifestEntry } from '@holdfast/manifest';
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
import type { FailedItem, Outcome } from '../plan.js';
import type { Signature, TreeChange } from '../ports.js';
import { inputsOf } from '../run/plan-sync.js';
import { prepareRun } from '../run/prepare-run.js';
import type { PreparedRule, PreparedRun } from '../run/prepare-run.js';
import { visitTarget, visitTargets } from '../run/visit-targets.js';
import type { VisitOptions } from '../run/visit-targets.js';
import type { RunSelection } from '../source/select-rules.js';
import { SyncError } from '../sync-error.js';
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
 * `DECISIONS.md`. An issue in the source says why. The target is then held: it is not synced to what
 * was rolled back, but to any later release.
 */
export async function rollbackFleet(
  fleet: Fleet,
  options: RollbackOptions,
): Promise<RollbackItem[]> {
  const rules = [...new Set(everyRule(fleet, options).map(({ rule }) => rule.id))];
  const { targets, to } = options;
  const run = await prepareRun(fleet, { rules, release: to, ...(targets ? { targets } : {}) });
  const visited = visitTargets(fleet, run.targets, options, (open, own) =>
    visitTarget(fleet, open, own, run.source.contents, async (scheduled, view) => {
      const prepared = await run.prepare(scheduled);
      return 'kind' in prepared ? prepared : rollBack(fleet, run, prepared, view, options);
    }),
  );
  return (await Array.fromAsync(visited)).flat();
}

async function rollBack(
  fleet: Fleet,
  run: PreparedRun,
  prepared: PreparedRule,
  view: TargetView,
  options: RollbackOptions,
): Promise<RollbackItem> {
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
  const branch = `${requestBranchPrefix(namespace)}rollback/${to}/${rule.id}`;
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
  const { report: validation } = await validateItem(inputs, outcomes, changes);
  const item = {
    kind: 'rolled-back' as const,
    ...identity,
    from: current.source_ref,
    to,
    reverted: syncs.map(({ commit }) => commit.oid),
    branch,
    files: reverted.map(describeFile),
    validation,
    notes: [],
  };
  if (options.dryRun) return item;

  const { issue, notes } = await tellUpstream(fleet, item, options);
  const log = await logChange(view, {
    date: fleet.clock().toISOString().slice(0, 10),
    sync_version: item.from,
    reverted_commit: newest.commit.oid.slice(0, 7),
    reason: options.reason,
    restored_to: `${to} sync state`,
    ...(issue ? { follow_up_issue: `${shortName(fleet.sourceName)}#${issue.number}` } : {}),
    logged_by: options.loggedBy,
  });
  const title = `sync(${namespace}): Roll back ${rule.id} from ${item.from} to ${to}`;
  const signature: Signature = {
    ...authorOf(fleet.configuration),
    timestamp: view.head.committer.timestamp,
    timezone: '+0000',
  };
  const change: Change = {
    name: rule.id,
    rules: [rule.id],
    target: view.name,
    source: prepared.release,
    outcomes,
    manifests: new Map([[ruleStatePaths(namespace, rule.id).manifest, manifest]]),
    commit: {
      parent: view.head.oid,
      message: `${title}\n\n${options.reason}\n\nHoldfast-Rule: ${rule.id}\n`,
      signature,
      changes: [...changes, log],
    },
    request: {
      branch,
      base: view.branch,
      title,
      body: bodyOf(item, options),
      labels: [`${namespace}-sync`, 'auto-generated', 'rollback'],
      reviewers: rule.reviewers,
      autoMerge: false,
    },
  };
  const applied = await applyChange(change, view.open, {
    namespace,
    method: fleet.configuration.targets[view.name]?.method ?? 'merge',
    // What is open for another release stays open: people decide what becomes of it.
    isEarlier: async () => false,
  });
  return { ...item, applied, notes, ...(issue ? { issue } : {}) };
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

type RolledBack = Extract<RollbackItem, { kind: 'rolled-back' }>;

/** The issue in the source; that none could be opened keeps nobody from going back. */
async function tellUpstream(
  { sourceForge, logger, configuration: { namespace } }: Fleet,
  { rule, target, from, to, files }: RolledBack,
  { reason, loggedBy }: RollbackOptions,
): Promise<{ issue?: RolledBack['issue']; notes: string[] }> {
  if (!sourceForge) return { notes: ['the source has no place for issues'] };
  try {
    const { issue } = await sourceForge.issues.report({
      key: `${namespace}-rollback ${rule} ${target} ${from} ${to}`,
      title: `${target} rolled back ${rule} from ${from} to ${to}`,
      body: neutralizeReferences(
        `${target} goes back from ${from} to ${to} under the rule ${rule}: ${files.length} files.\n\n**Reason:** ${reason}\n\nLogged by ${loggedBy}. It is not synced to ${from} again; a newer release is.\n`,
      ),
      labels: ['rollback'],
    });
    const { number, url } = issue;
    return { issue: { number, ...(url === undefined ? {} : { url }) }, notes: [] };
  } catch (error) {
    logger?.warn({ err: error }, 'the issue in the source could not be opened');
    const words = error instanceof Error ? error.message : String(error);
    return { notes: [`no issue was opened in the source: ${words}`] };
  }
}

async function logChange(
  { snapshot, contents, name }: TargetView,
  record: RollbackRecord,
): Promise<TreeChange> {
  const entry = snapshot.entries.get(DECISIONS);
  if (entry && entry.mode !== '100644' && entry.mode !== '100755') {
    throw new SyncError('not-a-file', `${DECISIONS} of ${name} is no file`, {
      blame: 'repository',
      hint: 'make it a file, so that the rollback can be logged there',
    });
  }
  const before = entry && new TextDecoder().decode(await contents.read(entry.oid));
  const heading = `${record.date}: back from ${record.sync_version} to ${record.restored_to}`;
  const decision = { heading, kind: 'rollback', record: { ...record } };
  const content = new TextEncoder().encode(appendDecision(before, decision));
  return { path: DECISIONS, mode: entry?.mode ?? '100644', content };
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
