import { compileGlob, overridePath, ruleStatePaths } from '@holdfast/manifest';
import type { Manifest, ManifestEntry } from '@holdfast/manifest';
import { decideFile } from '../file/decide-file.js';
import type { FilePolicy, FileSides } from '../file/decide-file.js';
import type { FileCase } from '../file/file-case.js';
import type { Entry } from '../ports.js';
import { deriveFromManifest } from '../source/derive-files.js';
import type { DerivedFile } from '../source/derive-files.js';
import type { Delivery } from '../source/select-deliveries.js';
import { isDrifted } from '../target/is-drifted.js';
import { findMoves } from './find-moves.js';
import { findFoundation, isFounded } from './is-founded.js';
import type { ItemInputs } from './item-inputs.js';

/** Every path that is delivered or was, with what is known of it and what is decided. */
export async function collectCases(inputs: ItemInputs, previous?: Manifest): Promise<FileCase[]> {
  const { located, selection, otherDeliveries, release } = inputs;
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
    (path) => !derived.has(path) && !isProtected(path) && !otherDeliveries.has(path),
  );
  const cases: FileCase[] = [...derived.keys(), ...withdrawn].map((path) => {
    const file = describeFile(inputs, path, {
      derived: derived.get(path),
      record: previous?.files.get(path),
      isProtected: false,
    });
    return { ...file, decision: decideFile(file.sides, policy) };
  });
  for (const { path } of untouchable) {
    const record = previous?.files.get(path);
    const file = describeFile(inputs, path, { record, isProtected: true });
    cases.push({ ...file, decision: { kind: 'protect' } });
  }
  const believed =
    previous && derived.size > 0 ? await doubtRecords(inputs, cases, previous, policy) : cases;
  const settled = await followMoves(inputs, believed);
  return settled.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Looks into what a manifest claims before anything is written for its sake. What the rule did not deliver is
 * left alone; a file that it still delivers counts as one that no sync has delivered before.
 */
async function doubtRecords(
  inputs: ItemInputs,
  cases: readonly FileCase[],
  previous: Manifest,
  policy: FilePolicy,
): Promise<FileCase[]> {
  const believed: FileCase[] = [];
  for (const file of cases) {
    const { decision, record, sides } = file;
    const { kind } = decision;
    if (!record || sides.conflict) believed.push(file);
    else if (kind === 'remove' || kind === 'modify-delete') {
      const founded = await isFounded(file, inputs, previous);
      believed.push(founded ? file : { ...file, decision: { kind: 'disown' } });
    } else if (kind === 'merge' || (kind === 'take' && decision.as === 'updated')) {
      const foundation = await findFoundation(file, inputs, previous);
      if (foundation === 'founded') believed.push(file);
      else if (foundation === 'unknown') believed.push({ ...file, foundation });
      else believed.push(asNeverDelivered({ ...file, foundation }, policy));
    } else believed.push(file);
  }
  return believed;
}

function asNeverDelivered(file: FileCase, policy: FilePolicy): FileCase {
  const { recorded: _recorded, base: _base, overridden: _overridden, ...sides } = file.sides;
  return { ...file, sides, decision: decideFile(sides, policy) };
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
      drifted: origin.drifted,
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
  {
    derived,
    record,
    isProtected,
  }: {
    readonly derived?: DerivedFile | undefined;
    readonly record: ManifestEntry | undefined;
    readonly isProtected: boolean;
  },
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
    ...(record?.withdrawn ? { withdrawn: true } : {}),
    ...(record?.override ? { overridden: true } : {}),
  };
  return {
    path,
    sides,
    drifted: isDrifted(sides, { recreate: located.rule.recreate, isProtected }),
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
