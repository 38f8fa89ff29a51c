import { compileGlob, overridePath, ruleStatePaths, serializeManifest } from '@holdfast/manifest';
import type { Configuration, LocatedRule, Manifest, ManifestEntry } from '@holdfast/manifest';
import { checkDeliveredContent, checkSymlinks } from './check-deliveries.js';
import { decideFile } from './decide-file.js';
import type { FileDecision, FileSides } from './decide-file.js';
import type { Derivation, DerivedFile } from './derive-files.js';
import { deriveFromManifest } from './derive-files.js';
import { findEarlierRelease } from './find-earlier-release.js';
import { findMoves } from './find-moves.js';
import type { Finding } from './finding.js';
import { sortFindings } from './finding.js';
import type { PlannedCommit, PlannedItem, PlannedSource, TransformSummary } from './plan.js';
import type { Commit, Entry, Release, Signature, TreeChange } from './ports.js';
import { composeRequest } from './compose-request.js';
import { labelsOf } from './merge-contents.js';
import type { Resolutions } from './resolutions.js';
import { resolutionKey } from './resolutions.js';
import type { Delivery, Elsewhere, Selection } from './select-deliveries.js';
import type { ContentAccess, FileCase, SettledFile } from './settle-file.js';
import { settleFile } from './settle-file.js';
import type { SourceView } from './source-view.js';
import { checkTargetPaths } from './target-paths.js';
import { readManifest } from './target-view.js';
import type { TargetView } from './target-view.js';
import { validateItem } from './validate-item.js';

/** Everything that the plan of one rule and its target is made from. */
export interface ItemInputs {
  readonly configuration: Configuration;
  readonly located: LocatedRule;
  readonly source: SourceView;
  /** The commit that is delivered, and what it is called. */
  readonly release: PlannedSource;
  readonly sourceCommit: Commit;
  readonly selection: Selection;
  readonly derivation: Derivation;
  /** How the rule derived files at an earlier release. */
  readonly derivationAt: (release: Release) => Promise<Derivation>;
  readonly target: TargetView;
  /** Paths that other rules deliver to the same target. */
  readonly elsewhere: Elsewhere;
  /** Deliver a tag although it is no longer the commit that the manifest records. */
  readonly acceptMovedTag: boolean;
  /** When the run takes place; it goes into the validation report alone. */
  readonly runAt: Date;
  /** What was decided of conflicts before, in any target of the run. */
  readonly resolutions: Resolutions;
}

/**
 * Plans one rule for its target. Reads, and decides by ids; content is read only of files that
 * change. Writes nothing.
 */
export async function planItem(inputs: ItemInputs): Promise<PlannedItem> {
  const { located, release, selection, target, configuration } = inputs;
  const { rule } = located;
  const previous = await readManifest(target, configuration.namespace, rule.id);
  const findings: Finding[] = [
    ...selection.findings,
    ...checkTag(inputs, previous),
    ...(await checkDirection(inputs, previous)),
  ];
  const cases = await collectCases(inputs, previous);
  findings.push(...transformFindings(inputs), ...blockingFindings(cases, inputs));

  const settled = await settleAll(cases, inputs);
  const outcomes = settled.map(({ outcome }) => outcome);
  const changed = settled.some(({ notable }) => notable);
  if (changed) findings.push(...(await checkChanges(inputs, settled)));

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
    return { kind: blocked ? 'blocked' : 'current', ...identity, findings: sortFindings(findings) };
  }

  const changes = withManifest(inputs, settled, manifest);
  const validation = await validateItem(inputs, outcomes, changes);
  const { message, request } = await composeRequest(inputs, {
    outcomes,
    findings: sortFindings(findings),
    validation,
    ...(previous ? { previous } : {}),
  });
  const commit: PlannedCommit = { parent: target.head.oid, message, signature, changes };
  return {
    kind: validation.blocked ? 'blocked' : 'changed',
    ...identity,
    findings: sortFindings([...findings, ...validation.findings]),
    validation,
    commit,
    request,
  };
}

/** Whether a target is current under a rule, and the manifest of its last sync. */
export interface Assessment {
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
  'block',
  'protect',
]);

/** Says by ids alone whether {@link planItem} would want a change request. */
export async function assessItem(inputs: ItemInputs): Promise<Assessment> {
  const { configuration, located, target } = inputs;
  const previous = await readManifest(target, configuration.namespace, located.rule.id);
  const cases = await collectCases(inputs, previous);
  const current = cases.every(({ decision }) => AT_REST.has(decision.kind));
  return { current, ...(previous ? { previous } : {}) };
}

function checkTag(
  { release, acceptMovedTag, target, located }: ItemInputs,
  previous?: Manifest,
): Finding[] {
  const moved =
    previous !== undefined &&
    previous.source_ref === release.ref &&
    previous.source_commit !== release.commit &&
    release.version === release.ref;
  if (!moved || acceptMovedTag) return [];
  return [
    {
      ruleId: 'release/moved-tag',
      severity: 'error',
      path: located.file,
      message: `tag ${release.ref} has moved: ${target.name} received it as ${previous.source_commit.slice(0, 12)}, now it is ${release.commit.slice(0, 12)}; find out why, then pass --accept-moved-tag`,
      data: { ref: release.ref, recorded: previous.source_commit, found: release.commit },
    },
  ];
}

/**
 * A rule that delivers nothing any more would remove all that it delivered: more likely a mistake in a
 * pattern than a wish. An earlier release than the recorded one is delivered, and said.
 */
async function checkDirection(
  { source, release, selection, target, located }: ItemInputs,
  previous?: Manifest,
): Promise<Finding[]> {
  if (!previous) return [];
  const { rule, file: path } = located;
  if (selection.deliveries.length === 0 && previous.files.size > 0) {
    return [
      {
        ruleId: 'delivery/nothing-left',
        severity: 'error',
        path,
        message: `${rule.id} delivers nothing of ${release.version}, and would remove all ${previous.files.size} files from ${target.name}; mend its patterns, or delete the rule and remove the files there by hand`,
        data: { files: previous.files.size },
      },
    ];
  }
  const { source_commit: recorded, source_ref: ref } = previous;
  const known = recorded !== release.commit && (await source.commit(recorded)) !== undefined;
  if (!known || !(await source.isAncestor(release.commit, recorded))) return [];
  return [
    {
      ruleId: 'release/going-back',
      severity: 'warning',
      path,
      message: `${target.name} has ${ref}: this goes back to ${release.version}`,
      data: { recorded, ref },
    },
  ];
}

/** Every path that is delivered or was, with what is known of it and what is decided. */
async function collectCases(inputs: ItemInputs, previous?: Manifest): Promise<FileCase[]> {
  const { located, selection, elsewhere, release } = inputs;
  const { rule } = located;
  const isProtected = rule.protect.length > 0 ? compileGlob(rule.protect) : () => false;
  const policy = {
    onDrift: rule.on_drift,
    onExisting: rule.on_existing,
    recreate: rule.recreate,
    newRelease: previous?.source_commit !== release.commit,
  };
  const wanted = selection.deliveries.filter(({ path }) => !isProtected(path));
  const untouchable = selection.deliveries.filter(({ path }) => isProtected(path));
  const derived = await deriveAll(inputs, wanted, previous);
  const withdrawn = [...(previous?.files.keys() ?? [])].filter(
    (path) => !derived.has(path) && !isProtected(path) && !elsewhere.has(path),
  );
  const cases: FileCase[] = [...derived.keys(), ...withdrawn].map((path) => {
    const file = describeFile(inputs, path, derived.get(path), previous?.files.get(path));
    return { ...file, decision: decideFile(file.sides, policy) };
  });
  for (const { path } of untouchable) {
    const file = describeFile(inputs, path, undefined, previous?.files.get(path));
    cases.push({ ...file, decision: { kind: 'protect' } });
  }
  const settled = await followMoves(inputs, cases);
  return settled.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Lets what the downstream changed follow a file that upstream moved. */
async function followMoves(inputs: ItemInputs, cases: readonly FileCase[]): Promise<FileCase[]> {
  const moves = await findMoves(inputs, cases);
  if (moves.size === 0) return [...cases];
  const arrivals = new Map([...moves].map(([from, to]) => [to, from]));
  const byPath = new Map(cases.map((file) => [file.path, file]));
  return cases.map((file): FileCase => {
    const to = moves.get(file.path);
    if (to !== undefined) return { ...file, decision: { kind: 'moved', to } };
    const from = arrivals.get(file.path);
    const origin = from === undefined ? undefined : byPath.get(from);
    if (!origin || from === undefined) return file;
    const { upstream: _, ...sides } = origin.sides;
    return {
      ...file,
      movedFrom: from,
      sides: { ...sides, ...(file.derived ? { upstream: file.derived } : {}) },
      decision: { kind: 'merge', ours: sides.override ? 'override' : 'current' },
    };
  });
}

async function deriveAll(
  { source, derivation }: ItemInputs,
  deliveries: readonly Delivery[],
  previous: Manifest | undefined,
): Promise<Map<string, DerivedFile>> {
  const derived = new Map<string, DerivedFile | undefined>(
    deliveries.map((delivery) => [
      delivery.path,
      deriveFromManifest(delivery, derivation, previous),
    ]),
  );
  const unknown = deliveries.filter(({ path }) => !derived.get(path));
  if (!derivation.pipeline.isIdentity) await source.deriver.prefetch(unknown, derivation);
  for (const delivery of unknown) {
    derived.set(delivery.path, await source.deriver.derive(delivery, derivation));
  }
  return derived as Map<string, DerivedFile>;
}

function describeFile(
  { configuration, located, target }: ItemInputs,
  path: string,
  derived: DerivedFile | undefined,
  record: ManifestEntry | undefined,
): Omit<FileCase, 'decision'> {
  const { entries } = target.snapshot;
  const { namespace } = configuration;
  const overrideAt = overridePath(located.rule, namespace, path);
  const basePath = ruleStatePaths(namespace, located.rule.id).base(path);
  const current = entries.get(path);
  const override = overrideAt === undefined ? undefined : entries.get(overrideAt);
  const sides: FileSides = {
    ...(derived ? { upstream: derived } : {}),
    ...(record ? { base: baseOf(record), recorded: record } : {}),
    ...(current ? { current } : {}),
    ...(override ? { override } : {}),
    ...(record?.conflict ? { conflict: true } : {}),
    ...(record?.override ? { overridden: true } : {}),
  };
  return {
    path,
    sides,
    basePath,
    hasBase: entries.has(basePath),
    ...(derived ? { derived } : {}),
    ...(record ? { record } : {}),
    ...(overrideAt === undefined ? {} : { overridePath: overrideAt }),
  };
}

/** The upstream content that a record's file was derived from last. */
export function baseOf(record: ManifestEntry): Entry {
  return { oid: record.base_oid ?? record.oid, mode: record.base_mode ?? record.mode };
}

/** What the transforms said of the files that were derived in this run. */
function transformFindings({ source, selection, derivation }: ItemInputs): Finding[] {
  if (derivation.pipeline.isIdentity) return [];
  return selection.deliveries.flatMap(
    (delivery) => source.deriver.report(delivery, derivation)?.findings ?? [],
  );
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

const blockWords: Record<Extract<FileDecision, { kind: 'block' }>['because'], string> = {
  drift:
    'was changed in the target since the last sync, and the rule says on_drift: block; move the change to an override, revert it, or let the rule merge',
  existing:
    'is in the target already and was not delivered by a sync, and the rule says on_existing: block; remove it there, or let the rule adopt it',
};

function blockingFindings(cases: readonly FileCase[], { located }: ItemInputs): Finding[] {
  return cases.flatMap(({ path, decision }) =>
    decision.kind === 'block'
      ? [
          {
            ruleId: `target/${decision.because}-blocked`,
            severity: 'error' as const,
            path,
            message: blockWords[decision.because],
            data: { rule: located.rule.id },
          },
        ]
      : [],
  );
}

const NEEDS_UPSTREAM: ReadonlySet<FileDecision['kind']> = new Set([
  'adopt',
  'take',
  'take-override',
  'merge',
  'search-base',
  'inspect-conflict',
]);

async function settleAll(cases: readonly FileCase[], inputs: ItemInputs): Promise<SettledFile[]> {
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
  const access = contentAccess(inputs);
  const settled: SettledFile[] = [];
  for (const file of cases) settled.push(await settleFile(file, access));
  return settled;
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
      inputs.resolutions.find(resolutionKey(base, ours, theirs)),
    merge: { ...inputs.located.rule.merge, labels: labelsOf(source.name, release.version) },
    sourceName: source.name,
  };
}

async function checkChanges(
  inputs: ItemInputs,
  settled: readonly SettledFile[],
): Promise<Finding[]> {
  const { target, located, selection, elsewhere } = inputs;
  const outcomes = settled.map(({ outcome }) => outcome);
  const added = outcomes.filter(({ before, after }) => !before && after).map(({ path }) => path);
  const removed = new Set(outcomes.filter(({ after }) => !after).map(({ path }) => path));
  return [
    ...checkTargetPaths(target.snapshot, { added, removed, rule: located.rule.id }),
    ...(await checkSymlinks(selection, elsewhere, (oid) => inputs.source.deriver.source(oid))),
    ...checkDeliveredContent(settled.flatMap(({ changes }) => changes)),
  ];
}

/** The author and the date of everything Holdfast writes: nothing in it depends on the clock. */
function signatureOf({ sourceCommit, target }: ItemInputs): Signature {
  const timestamp = Math.max(sourceCommit.committer.timestamp, target.head.committer.timestamp);
  return { name: 'Holdfast', email: 'holdfast@holdfast.invalid', timestamp, timezone: '+0000' };
}

function manifestOf(
  { located, release, derivation }: ItemInputs,
  settled: readonly SettledFile[],
  signature: Signature,
): Manifest {
  const files = settled.flatMap(({ outcome, record }) =>
    record ? [[outcome.path, record] as const] : [],
  );
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
    files: new Map(files),
  };
}

function withManifest(
  { configuration, located }: ItemInputs,
  settled: readonly SettledFile[],
  manifest: Manifest,
): TreeChange[] {
  const path = ruleStatePaths(configuration.namespace, located.rule.id).manifest;
  const content = new TextEncoder().encode(serializeManifest(manifest));
  return [...settled.flatMap(({ changes }) => changes), { path, mode: '100644', content }];
}
