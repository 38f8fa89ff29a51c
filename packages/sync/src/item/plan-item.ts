import { overrideRoot, ruleStatePaths, serializeManifest } from '@holdfast/manifest';
import type { Manifest } from '@holdfast/manifest';
import { authorOf } from '../apply/author.js';
import type { FileDecision } from '../file/decide-file.js';
import type { FileCase } from '../file/file-case.js';
import { labelsOf } from '../file/merge-contents.js';
import { acceptEdit, settleFile } from '../file/settle-file.js';
import type { ContentAccess, SettledFile } from '../file/settle-file.js';
import { sortFindings } from '../finding.js';
import type { Finding } from '../finding.js';
import type { PlannedCommit, PlannedItem, TransformSummary } from '../plan.js';
import type { Signature, TreeChange } from '../ports.js';
import { resolutionKey } from '../resolve/resolutions.js';
import { snapshotTree } from '../target/tree-view.js';
import { checkTargetPaths } from '../target/target-paths.js';
import { holdPath, readHold } from '../target/hold.js';
import type { Hold } from '../target/hold.js';
import { pauseOf } from '../target/pause.js';
import type { Pause } from '../target/pause.js';
import { readManifest } from '../target/target-view.js';
import { checkDeliveredContent, checkSymlinks } from './check-deliveries.js';
import {
  absentFindings,
  blockingFindings,
  checkDirection,
  checkTag,
  proposalFindings,
  transformFindings,
  unfoundedFindings,
} from './check-item.js';
import { collectCases } from './collect-cases.js';
import { composeRequest } from './compose-request.js';
import { digestItem } from './digest-item.js';
import { findEarlierRelease } from './find-earlier-release.js';
import { findStrayOverrides } from './find-stray-overrides.js';
import type { ItemInputs } from './item-inputs.js';
import { itemMeaning } from './item-meaning.js';
import { validateItem } from './validate-item.js';

/** The plan of one rule for its target, and the paths of other rules that it counts on. */
export interface LeaningItem {
  readonly item: PlannedItem;
  readonly leansOn: ReadonlySet<string>;
}

/**
 * Plans one rule for its target. Reads, and decides by ids; content is read only of files that
 * change. Writes nothing.
 */
export async function planItem(inputs: ItemInputs): Promise<LeaningItem> {
  const { located, release, selection, target, configuration } = inputs;
  const { rule } = located;
  const previous = await readManifest(target, configuration.namespace, rule.id);
  const findings: Finding[] = [
    ...selection.findings,
    ...(await checkTag(inputs, previous)),
    ...(await checkDirection(inputs, previous)),
  ];
  const hold = await findHold(inputs);
  if (hold && previous) {
    return alone(restingItem(inputs, previous, [...findings, heldFinding(inputs, hold)]));
  }
  const pause = pauseOf(configuration, located);
  if (pause)
    return alone(restingItem(inputs, previous, [...findings, pausedFinding(inputs, pause)]));
  const cases = await collectCases(inputs, previous);
  for (const finding of transformFindings(inputs)) findings.push(finding);
  for (const finding of blockingFindings(cases, inputs)) findings.push(finding);
  for (const finding of findStrayOverrides(inputs)) findings.push(finding);
  // Where an error blocks it anyhow, who may merge it is no question.
  const stopped = findings.some(({ severity }) => severity === 'error');
  for (const finding of unfoundedFindings(cases, inputs)) {
    if (!stopped || finding.severity !== 'info') findings.push(finding);
  }

  const access = contentAccess(inputs);
  let settled = await settleAll(cases, inputs, access);
  const outcomes = settled.map(({ outcome }) => outcome);
  for (const finding of proposalFindings(outcomes)) findings.push(finding);
  const changed = settled.some(({ notable }) => notable);
  const leansOn = new Set<string>();
  if (changed) {
    settled = await acceptEdits(cases, settled, access);
    const checked = await checkChanges(inputs, settled);
    for (const finding of checked.findings) findings.push(finding);
    for (const path of checked.leansOn) leansOn.add(path);
  }

  const signature = signatureOf(inputs);
  const manifest = manifestOf(inputs, settled, signature);
  const identity = {
    rule: rule.id,
    target: target.name,
    source: release,
    head: { branch: target.branch, commit: target.head.oid },
    outcomes,
    manifest,
    ...(previous ? { previous } : {}),
    ...(inputs.derivation.pipeline.isIdentity ? {} : { transforms: summarise(inputs) }),
  };
  const blocked = findings.some(({ severity }) => severity === 'error');
  if (blocked || !changed) {
    const kind = blocked ? 'blocked' : 'current';
    const digest = digestItem({ kind, rule: rule.id });
    return { item: { kind, ...identity, findings: sortFindings(findings), digest }, leansOn };
  }

  const changes = withManifest(inputs, settled, manifest, previous);
  const { report: validation, ...asked } = await validateItem(inputs, outcomes, changes);
  for (const path of asked.leansOn) leansOn.add(path);
  for (const finding of absentFindings(asked.missing, inputs)) findings.push(finding);
  const meaning = await itemMeaning(inputs, outcomes, changes);
  const { message, request } = await composeRequest(inputs, {
    outcomes,
    findings: sortFindings(findings),
    validation,
    ...(previous ? { previous } : {}),
    ...(meaning ? { meaning } : {}),
  });
  const commit: PlannedCommit = { parent: target.head.oid, message, signature, changes };
  const kind = validation.blocked ? 'blocked' : 'changed';
  const item: PlannedItem = {
    kind,
    ...identity,
    findings: sortFindings([...findings, ...validation.findings]),
    validation,
    commit,
    request,
    ...(meaning ? { meaning } : {}),
    digest: digestItem({ kind, rule: rule.id, commit, request }),
  };
  return { item, leansOn };
}

/** An item that counts on no other. */
function alone(item: PlannedItem): LeaningItem {
  return { item, leansOn: new Set() };
}

/** What was rolled back in the target, if this release is that or an earlier one. */
async function findHold(inputs: ItemInputs): Promise<Hold | undefined> {
  const { configuration, located, target, release, source, liftHolds } = inputs;
  if (liftHolds) return undefined;
  const hold = await readHold(target, configuration.namespace, located.rule.id);
  if (!hold) return undefined;
  const known = (await source.commit(hold.commit)) !== undefined;
  const held =
    release.commit === hold.commit ||
    (known && (await source.isAncestor(release.commit, hold.commit)));
  return held ? hold : undefined;
}

function heldFinding({ located, release, target }: ItemInputs, hold: Hold): Finding {
  const { rule, file } = located;
  return {
    ruleId: 'release/rolled-back',
    severity: 'warning',
    path: file,
    message: `${target.name} was rolled back from ${hold.release} and is not synced to ${release.version}: ${JSON.stringify(hold.reason)}; a newer release is delivered again, or at once with: holdfast registry resume ${target.name} --rule ${rule.id}`,
    data: { release: hold.release, reason: hold.reason },
  };
}

function pausedFinding({ located, target }: ItemInputs, { reason }: Pause): Finding {
  const why = reason === undefined ? '' : `: ${JSON.stringify(reason)}`;
  return {
    ruleId: 'target/paused',
    severity: 'warning',
    path: located.file,
    message: `${target.name} is paused${why}; it goes on with: holdfast registry resume ${target.name}`,
    data: reason === undefined ? {} : { reason },
  };
}

/** A target that keeps what it has, whatever the source says. */
function restingItem(
  inputs: ItemInputs,
  previous: Manifest | undefined,
  findings: readonly Finding[],
): PlannedItem {
  const { located, release, target } = inputs;
  const { rule } = located;
  return {
    kind: 'current',
    rule: rule.id,
    target: target.name,
    source: release,
    head: { branch: target.branch, commit: target.head.oid },
    outcomes: [],
    manifest: previous ?? manifestOf(inputs, [], signatureOf(inputs)),
    ...(previous ? { previous } : {}),
    findings: sortFindings(findings),
    digest: digestItem({ kind: 'current', rule: rule.id }),
  };
}

/** Whether a target is current under a rule, and the manifest of its last sync. */
export interface Assessment {
  /** What the target was rolled back from, while it is held. */
  readonly hold?: Hold;
  /** Nothing is delivered for now. */
  readonly pause?: Pause;
  readonly current: boolean;
  readonly previous?: Manifest;
}

/** Decisions that change nothing in the target. */
const AT_REST: ReadonlySet<FileDecision['kind']> = new Set([
  'unchanged',
  'unresolved',
  'inspect-conflict',
  'keep',
  'forget',
  'disown',
  'protect',
]);

/** Says by ids alone whether {@link planItem} would want a change request. */
export async function assessItem(inputs: ItemInputs): Promise<Assessment> {
  const { configuration, located, target } = inputs;
  const previous = await readManifest(target, configuration.namespace, located.rule.id);
  const cases = await collectCases(inputs, previous);
  const current = cases.every(({ decision }) => AT_REST.has(decision.kind));
  const hold = await findHold(inputs);
  const pause = pauseOf(configuration, located);
  return {
    current,
    ...(previous ? { previous } : {}),
    ...(hold ? { hold } : {}),
    ...(pause ? { pause } : {}),
  };
}

/** What the transforms did to the files that were derived in this run. */
function summarise({ source, selection, derivation }: ItemInputs): TransformSummary {
  const links = { rewritten: 0, stripped: 0, permalinked: 0, kept: 0 };
  const irreversible: { path: string; steps: readonly string[] }[] = [];
  const notApplied: { path: string; step: string; reason: string }[] = [];
  for (const delivery of selection.deliveries) {
    const report = source.deriver.report(delivery, derivation);
    for (const { action } of report?.links ?? []) links[action]++;
    for (const { name: step, reason } of report?.notApplied ?? []) {
      notApplied.push({ path: delivery.path, step, reason });
    }
    if (report && report.irreversible.length > 0) {
      irreversible.push({ path: delivery.path, steps: report.irreversible });
    }
  }
  return { steps: derivation.pipeline.describe(), links, irreversible, notApplied };
}

const NEEDS_UPSTREAM: ReadonlySet<FileDecision['kind']> = new Set([
  'adopt',
  'take',
  'take-override',
  'merge',
  'search-base',
  'inspect-conflict',
]);

async function settleAll(
  cases: readonly FileCase[],
  inputs: ItemInputs,
  access: ContentAccess,
): Promise<SettledFile[]> {
  const { source, derivation, target, selection } = inputs;
  const needed = cases.filter(({ decision }) => NEEDS_UPSTREAM.has(decision.kind));
  const deliveries = needed.flatMap(({ path }) => selection.byPath.get(path) ?? []);
  await source.deriver.prefetch(deliveries, derivation);
  const merged = needed.filter(
    ({ decision }) => decision.kind !== 'take' && decision.kind !== 'adopt',
  );
  await target.contents.prefetch(
    merged.flatMap(({ sides }) =>
      [sides.current, sides.override].flatMap((entry) => entry?.oid ?? []),
    ),
  );
  const settled: SettledFile[] = [];
  for (const file of cases) settled.push(await settleFile(file, access));
  return settled;
}

/** What was left alone by itself goes along with a request that is made anyhow. */
async function acceptEdits(
  cases: readonly FileCase[],
  settled: readonly SettledFile[],
  access: ContentAccess,
): Promise<SettledFile[]> {
  const accepted: SettledFile[] = [];
  for (const [index, one] of settled.entries()) {
    const file = cases[index];
    accepted.push(file ? await acceptEdit(file, one, access) : one);
  }
  return accepted;
}

function contentAccess(inputs: ItemInputs): ContentAccess {
  const { source, derivation, target, release } = inputs;
  const { deriver } = source;
  return {
    upstream: (file) => deriver.content(file, derivation),
    upstreamSha256: (file) => deriver.sha256(file, derivation),
    target: (oid) => target.contents.read(oid),
    base: async (oid) =>
      (await target.open.repository.hasObject(oid)) ? target.contents.read(oid) : undefined,
    findRelease: (file, oid) => findEarlierRelease(inputs, file, oid),
    findResolution: (base, ours, theirs) =>
      inputs.resolutions.find(resolutionKey(base, ours, theirs), target.name),
    merge: { ...inputs.located.rule.merge, labels: labelsOf(source.name, release.version) },
    sourceName: source.name,
  };
}

async function checkChanges(
  inputs: ItemInputs,
  settled: readonly SettledFile[],
): Promise<{ findings: Finding[]; leansOn: readonly string[] }> {
  const { target, located, selection, otherDeliveries, isArriving = () => true } = inputs;
  const outcomes = settled.map(({ outcome }) => outcome);
  const manifest = ruleStatePaths(inputs.configuration.namespace, located.rule.id).manifest;
  const written = settled
    .flatMap(({ changes }) => changes)
    .flatMap((change) => ('remove' in change ? [] : change.path));
  const added = [...new Set([...written, manifest])].filter(
    (path) => !target.snapshot.entries.has(path),
  );
  const removed = new Set(outcomes.filter(({ after }) => !after).map(({ path }) => path));
  const symlinks = await checkSymlinks(
    selection,
    () => [...otherDeliveries.paths()].filter((path) => isArriving(path)),
    (oid) => inputs.source.deriver.source(oid),
  );
  const findings = [
    ...checkTargetPaths(target.snapshot, { added, removed, rule: located.rule.id }),
    ...symlinks.findings,
    ...checkDeliveredContent(settled.flatMap(({ changes }) => changes)),
  ];
  return { findings, leansOn: symlinks.leansOn };
}

/** The end of the year 9999: what is later no manifest can say, and whoever dated a commit so cannot stop others. */
const LAST_SECOND = 253_402_300_799;

/** The author and the date of everything Holdfast writes: nothing in it depends on the clock. */
function signatureOf({ sourceCommit, target, configuration }: ItemInputs): Signature {
  const timestamp = Math.min(
    LAST_SECOND,
    Math.max(sourceCommit.committer.timestamp, target.head.committer.timestamp),
  );
  return { ...authorOf(configuration), timestamp, timezone: '+0000' };
}

function manifestOf(
  { located, release, derivation }: ItemInputs,
  settled: readonly SettledFile[],
  signature: Signature,
): Manifest {
  const files = settled.flatMap(({ outcome, record }) =>
    record ? [[outcome.path, record] as const] : [],
  );
  const root = overrideRoot(located.rule);
  return {
    version: 1,
    rule_id: located.rule.id,
    source_repo: release.name,
    source_ref: release.ref,
    source_commit: release.commit,
    synced_at: new Date(signature.timestamp * 1000).toISOString().replace('.000Z', 'Z'),
    synced_by: 'holdfast',
    transforms_digest: derivation.digest,
    content: {},
    ...(root === '' ? {} : { override_root: root }),
    files: new Map(files),
  };
}

function withManifest(
  inputs: ItemInputs,
  settled: readonly SettledFile[],
  manifest: Manifest,
  previous: Manifest | undefined,
): TreeChange[] {
  const { configuration, located, target } = inputs;
  const path = ruleStatePaths(configuration.namespace, located.rule.id).manifest;
  const content = new TextEncoder().encode(serializeManifest(manifest));
  const hold = holdPath(configuration.namespace, located.rule.id);
  return [
    ...settled.flatMap(({ changes }) => changes),
    { path, mode: '100644', content },
    ...(target.snapshot.entries.has(hold) ? [{ path: hold, remove: true } as const] : []),
    ...(previous ? [] : overridesFolder(inputs)),
  ];
}

/**
 * A repository that is new to the registry is synced by hand first, as the specification has it: then it
 * gets the folder for its overrides, which git keeps with a file in it alone.
 */
function overridesFolder({ configuration, located, target }: ItemInputs): TreeChange[] {
  const folder = `.${configuration.namespace}-overrides/`;
  if (located.rule.frequency !== 'manual') return [];
  if (snapshotTree(target.snapshot, target.contents).hasFolder(folder.slice(0, -1))) return [];
  return [{ path: `${folder}.gitkeep`, mode: '100644', content: new Uint8Array() }];
}
