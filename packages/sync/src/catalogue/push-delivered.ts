import type { Configuration, Manifest, TargetRule } from '@holdfast/manifest';
import type { ModelComparison } from '@holdfast/catalog-diff/models';
import { schemaCheck, secretScanCheck, validate } from '@holdfast/validation';
import { compareMeaning } from '../compare-meaning.js';
import type { MeaningfulFile, MeaningfulFiles } from '../compare-meaning.js';
import type { Fleet } from '../fleet.js';
import type { FailedItem } from '../plan.js';
import type { Commit, Forge, Signature, Snapshot, TargetRepository, TreeChange } from '../ports.js';
import { visitRules } from '../run/visit-targets.js';
import type { VisitOptions } from '../run/visit-targets.js';
import { createDeliveryMaker } from '../source/delivery-maker.js';
import { chooseRules } from '../source/select-rules.js';
import { createSourceView } from '../source/source-view.js';
import type { SourceView } from '../source/source-view.js';
import { SyncError } from '../sync-error.js';
import { findDrift } from '../target/find-drift.js';
import { readManifest } from '../target/target-view.js';
import type { TargetView } from '../target/target-view.js';
import { carryBack } from './carry-back.js';
import type { PushedFile } from './carry-back.js';
import type { PlannedPush } from './push-catalogue.js';

/** A fleet whose source can be written to. */
export interface PushableFleet extends Fleet {
  readonly source: TargetRepository;
  readonly sourceForge: Forge;
}

/** What the edits of one target come to in the source. */
export interface DeliveredPush extends PlannedPush {
  readonly kind: 'planned';
  readonly rule: string;
  readonly target: string;
  /** Of the last commit of the target that touched what is brought back. */
  readonly author: Signature;
  readonly meaning: ModelComparison;
  /** What the checks find in it: JSON that does not parse or follow its schema, secrets. */
  readonly problems: readonly string[];
}

/** One rule and target of a push; a target without a sync has nothing to bring back. */
export type DeliveredPushItem =
  | DeliveredPush
  | { readonly kind: 'never-synced'; readonly rule: string; readonly target: string }
  | FailedItem;

/** Which rules and targets. */
export interface DeliveredPushOptions extends VisitOptions {
  readonly rule: string;
  readonly targets?: readonly string[];
}

/** Rules whose edits flow back: those that say `direction: both`, and no others. */
export function rulesOfBothDirections({ rules }: Pick<Fleet, 'rules'>): string[] {
  const both = rules.filter(({ rule }) => rule.direction === 'both');
  return [...new Set(both.map(({ rule }) => rule.id))];
}

/**
 * Plans what edits of delivered files become in the source, for each target of a rule that says
 * `direction: both`. Files with an override, in conflict or deleted stay the target's own matter.
 * Writes nothing.
 *
 * @throws SyncError `one-way` for a rule that delivers in one direction
 */
export async function planDeliveredPush(
  fleet: Fleet,
  { rule: id, targets = [], ...options }: DeliveredPushOptions,
): Promise<DeliveredPushItem[]> {
  const chosen = chooseRules(fleet.rules, { rules: [id], targets });
  if (chosen.some(({ rule }) => rule.direction !== 'both')) {
    throw new SyncError('one-way', `the rule ${id} delivers in one direction`, {
      hint: 'say direction: both in the rule, and edits of its targets can be brought back',
    });
  }
  const source = createSourceView(fleet);
  const base = fleet.configuration.source.branch ?? (await fleet.source.defaultBranch()) ?? 'main';
  const head = await source.commit(`refs/heads/${base}`);
  if (!head) {
    throw new SyncError('unknown-branch', `${fleet.sourceName} has no branch ${base}`, {
      hint: 'name the branch in source.branch',
    });
  }
  const tree = await source.snapshot(head.oid);
  const to: Destination = { source, base, head, tree };
  return visitRules(fleet, chosen, (located, view) => planOne(fleet, located, view, to), options);
}

interface Destination {
  readonly source: SourceView;
  readonly base: string;
  readonly head: Commit;
  readonly tree: Snapshot;
}

async function planOne(
  fleet: Fleet,
  located: TargetRule,
  view: TargetView,
  to: Destination,
): Promise<DeliveredPushItem> {
  const { configuration, rules } = fleet;
  const { id: rule, target_repo: target } = located.rule;
  const { namespace } = configuration;
  const manifest = await readManifest(view, namespace, rule);
  if (!manifest) return { kind: 'never-synced', rule, target };
  const { source_commit: commit, source_ref: ref } = manifest;
  const maker = createDeliveryMaker(configuration, rules, to.source);
  const known = await to.source.commit(commit);
  const derivation = known && (await maker.derive(located, { tag: ref, commit }, view.branch));
  const edited = await findEdited(located, manifest, view, configuration);
  const files: PushedFile[] = [];
  const changes: TreeChange[] = [];
  for (const path of edited) {
    const entry = manifest.files.get(path);
    const here = view.snapshot.entries.get(path);
    if (!entry || !here) continue;
    const { source } = entry;
    if (here.mode !== '100644' && here.mode !== '100755') {
      files.push({ path, source, outcome: 'conflicted', reason: 'it is no regular file there' });
      continue;
    }
    const [file, change] = await carryBack(
      {
        path,
        source,
        mode: here.mode,
        content: await view.contents.read(here.oid),
        baseOid: entry.source_oid ?? entry.base_oid ?? entry.oid,
      },
      derivation && {
        pipeline: derivation.pipeline,
        context: { ...derivation.context, sourcePath: source, targetPath: path },
      },
      {
        source: { readBlob: (oid) => to.source.deriver.source(oid) },
        head: to.head,
        tree: to.tree,
        ours: target,
        advice: 'sync it, decide there, and push again',
      },
    );
    files.push(file);
    if (change) changes.push(change);
  }
  return {
    kind: 'planned',
    rule,
    target,
    files,
    changes,
    head: to.head,
    base: to.base,
    branch: `${namespace}-push/${rule}/${target}`,
    author: await authorOf(view, edited),
    meaning: await meaningOf(manifest, changes, to),
    problems: await checkChanges(fleet, located, changes, to),
  };
}

async function checkChanges(
  { clock }: Fleet,
  { rule }: TargetRule,
  changes: readonly TreeChange[],
  { head }: Destination,
): Promise<string[]> {
  const files = changes.flatMap((change) => ('content' in change ? [change] : []));
  const { deny, allow_secrets: allow, secret_rules: severities } = rule.validation;
  const secrets = { deny: deny.map((pattern) => ({ pattern })), allow, severities };
  const report = await validate(files, [schemaCheck(), secretScanCheck(secrets)], {
    ruleId: rule.id,
    runAt: clock(),
    sourceVersion: head.oid,
  });
  return report.findings
    .filter(({ severity }) => severity === 'error')
    .map(({ path, message }) => `${path}: ${message}`);
}

/** Files that differ from what upstream delivers by an edit, merged by a sync since or not. */
async function findEdited(
  located: TargetRule,
  manifest: Manifest,
  view: TargetView,
  configuration: Configuration,
): Promise<string[]> {
  const drifted = await findDrift(located, manifest, view, configuration);
  const paths = new Set(
    drifted
      .filter(({ state }) => state === 'modified' || state === 'mode-changed')
      .map(({ path }) => path),
  );
  for (const [path, { base_oid: base, override, conflict }] of manifest.files) {
    const here = view.snapshot.entries.get(path);
    if (here && base !== undefined && !override && !conflict && here.oid !== base) paths.add(path);
  }
  return [...paths].sort();
}

async function authorOf({ open, head }: TargetView, paths: readonly string[]): Promise<Signature> {
  const [last = head] = await open.repository.log({ to: head.oid, paths, limit: 1 });
  return last.author;
}

/** What the changes mean among the files that the rule delivers. */
async function meaningOf(
  { files }: Manifest,
  changes: readonly TreeChange[],
  { source, tree }: Destination,
): Promise<ModelComparison> {
  const before = new Map<string, MeaningfulFile>();
  for (const path of new Set([...files.values()].map((entry) => entry.source))) {
    const entry = tree.entries.get(path);
    if (entry)
      before.set(path, { path, oid: entry.oid, read: () => source.deriver.source(entry.oid) });
  }
  const after: MeaningfulFiles = new Map([
    ...before,
    ...changes.flatMap((change): [string, MeaningfulFile][] =>
      'content' in change
        ? [
            [
              change.path,
              { path: change.path, oid: '', read: () => Promise.resolve(change.content) },
            ],
          ]
        : [],
    ),
  ]);
  return compareMeaning(before, after);
}
