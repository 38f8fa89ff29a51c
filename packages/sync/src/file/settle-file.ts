import { hashBlob, hashSha256 } from '@holdfast/manifest';
import type { ManifestEntry } from '@holdfast/manifest';
import type { Conflict, Outcome, OutcomeKind } from '../plan.js';
import type { Entry, TreeChange } from '../ports.js';
import type { DerivedFile } from '../source/derive-files.js';
import { sameEntry } from './decide-file.js';
import type { FileCase } from './file-case.js';
import { JOIN_LABELS, findOurMarkers, markedRanges, mergeContents } from './merge-contents.js';
import type { MergeSettings, MergedContents } from './merge-contents.js';

/** What one path comes to: what is said of it, what is written, and what the manifest records. */
export interface SettledFile {
  readonly outcome: Outcome;
  readonly changes: readonly TreeChange[];
  /** Absent: the manifest does not list the file. */
  readonly record?: ManifestEntry;
  /** The state alone is reason enough for a change request. */
  readonly notable: boolean;
}

/** How content is come by. */
export interface ContentAccess {
  upstream(file: DerivedFile): Promise<Uint8Array>;
  upstreamSha256(file: DerivedFile): Promise<string>;
  target(oid: string): Promise<Uint8Array>;
  /** The content of the base; undefined when it can be found nowhere. */
  base(oid: string): Promise<Uint8Array | undefined>;
  /** The newest earlier release that delivered exactly this content at the path. */
  findRelease(file: DerivedFile, oid: string): Promise<string | undefined>;
  /** An earlier decision of the same conflict. */
  findResolution(
    base: string | undefined,
    ours: string,
    theirs: string,
  ): Promise<
    | { readonly target: string; readonly proposed: boolean; readonly content: Uint8Array }
    | undefined
  >;
  readonly merge: MergeSettings;
  readonly sourceName: string;
}

/** Carries out the decision on one file; content is read only where the decision needs it. */
export async function settleFile(file: FileCase, access: ContentAccess): Promise<SettledFile> {
  const { decision, sides } = file;
  switch (decision.kind) {
    case 'unchanged':
      return leave(file, 'unchanged');
    case 'unresolved':
      return leave(file, 'unresolved');
    case 'keep':
      return leave(file, decision.as);
    case 'block':
      return leave(file, 'customised');
    case 'protect':
      return drop(file, 'protected', { notable: false });
    case 'disown':
    case 'forget':
      return drop(file, 'forgotten', { notable: false });
    case 'remove':
      return drop(file, 'removed', { notable: true });
    case 'modify-delete':
      return withdraw(file, access);
    case 'moved':
      return moveAway(file, decision.to);
    case 'adopt':
      return sides.override && !sameEntry(sides.override, sides.upstream)
        ? takeOverride(file, access, 'adopted')
        : takeUpstream(file, access, 'adopted');
    case 'take':
      return takeUpstream(file, access, decision.as);
    case 'take-override':
      return takeOverride(file, access, 'overridden');
    case 'search-base':
      return searchBase(file, access);
    case 'inspect-conflict':
      return inspectConflict(file, access);
    case 'merge':
      return mergeOurs(file, access, decision.ours);
  }
}

function leave(file: FileCase, kind: OutcomeKind): SettledFile {
  return {
    outcome: outcomeOf(file, kind, file.sides.current),
    changes: [],
    notable: false,
    ...(file.record ? { record: file.record } : {}),
  };
}

function drop(file: FileCase, kind: OutcomeKind, { notable }: { notable: boolean }): SettledFile {
  const after = kind === 'removed' ? undefined : file.sides.current;
  const conflict: Conflict | undefined =
    kind === 'conflicted' ? { kind: 'modify-delete', ranges: [] } : undefined;
  const changes: TreeChange[] = kind === 'removed' ? [{ path: file.path, remove: true }] : [];
  return {
    outcome: outcomeOf(file, kind, after, conflict ? { conflict } : {}),
    changes: [...changes, ...dropBase(file)],
    notable,
  };
}

/** Upstream withdrew what the downstream changed: it stays, and is remembered until someone decides. */
async function withdraw(file: FileCase, access: ContentAccess): Promise<SettledFile> {
  const settled = drop(file, 'conflicted', { notable: true });
  const { record, sides } = file;
  const { current, base } = sides;
  if (!record || !base || !current || current.mode === '160000') return settled;
  const { source, override } = record;
  return {
    ...settled,
    record: {
      source,
      ...entryOf(current),
      sha256: hashSha256(await access.target(current.oid)),
      ...(record.source_oid === undefined ? {} : { source_oid: record.source_oid }),
      ...(base.oid === current.oid ? {} : { base_oid: base.oid }),
      ...(base.mode === current.mode ? {} : { base_mode: base.mode }),
      ...(override ? { override } : {}),
      conflict: true,
      withdrawn: true,
    },
  };
}

/**
 * An edit that upstream has nothing new for is left alone. Where a request is made anyhow, it lists the edit,
 * and who merges it accepts the edit as the target's own: from then on it is customised, and no drift.
 */
export async function acceptEdit(
  file: FileCase,
  settled: SettledFile,
  access: ContentAccess,
): Promise<SettledFile> {
  const { decision, sides, drifted, derived } = file;
  const { current } = sides;
  const edited = decision.kind === 'keep' && decision.as === 'customised' && drifted;
  if (!edited || !derived || !current || current.mode === '160000') return settled;
  const content = await access.target(current.oid);
  return deliver(file, access, {
    kind: 'customised',
    entry: entryOf(current),
    content,
    notable: false,
  });
}

/** What is left to do at the place that a file moved away from; the new place has a case of its own. */
function moveAway(file: FileCase, to: string): SettledFile {
  const { overridePath, sides } = file;
  const { outcome, changes } = drop(file, 'removed', { notable: true });
  const override: TreeChange[] =
    sides.override && overridePath !== undefined ? [{ path: overridePath, remove: true }] : [];
  return {
    outcome: { ...outcome, note: `moved to ${to}` },
    changes: [...(sides.current ? changes : dropBase(file)), ...override],
    notable: true,
  };
}

async function takeUpstream(
  file: FileCase,
  access: ContentAccess,
  kind: OutcomeKind,
  note?: string,
): Promise<SettledFile> {
  const derived = deliveredBy(file);
  const { oid, mode } = derived;
  const record = recordOf(derived, { oid, mode, sha256: await access.upstreamSha256(derived) });
  const changes: TreeChange[] = sameEntry(file.sides.current, derived)
    ? []
    : [{ path: file.path, mode, content: await access.upstream(derived) }];
  return {
    outcome: outcomeOf(file, kind, { oid, mode }, note === undefined ? {} : { note }),
    changes: [...changes, ...dropBase(file)],
    record,
    notable: true,
  };
}

async function takeOverride(
  file: FileCase,
  access: ContentAccess,
  kind: OutcomeKind,
): Promise<SettledFile> {
  const override = file.sides.override as Entry;
  return write(file, access, kind, await access.target(override.oid), override.mode);
}

/** A hand-made copy of an earlier release is brought up to date; anything else is for people. */
async function searchBase(file: FileCase, access: ContentAccess): Promise<SettledFile> {
  const derived = deliveredBy(file);
  const current = file.sides.current as Entry;
  const release = await access.findRelease(derived, current.oid);
  if (release !== undefined) {
    return takeUpstream(file, access, 'updated', `was the copy of ${release}`);
  }
  if (derived.oid === current.oid) return takeUpstream(file, access, 'updated');
  return merge(file, access, { base: undefined, ours: current });
}

async function inspectConflict(file: FileCase, access: ContentAccess): Promise<SettledFile> {
  const { current, override, upstream, base } = file.sides;
  const decided = current as Entry;
  const content = await access.target(decided.oid);
  if (findOurMarkers(content, access.sourceName).length > 0) return leave(file, 'unresolved');
  const before = file.record?.conflict_override_oid ?? file.record?.conflict_ours_oid;
  if (override && override.oid !== before && override.oid !== decided.oid) {
    return mergeBoth(file, access, before);
  }
  if (sameEntry(upstream, base)) {
    return write(file, access, 'customised', content, decided.mode, { notable: false });
  }
  return merge(file, access, { base, ours: decided });
}

async function mergeOurs(
  file: FileCase,
  access: ContentAccess,
  ours: 'current' | 'override' | 'both',
): Promise<SettledFile> {
  const { base, current, override, recorded } = file.sides;
  if (ours === 'current') return merge(file, access, { base, ours: current as Entry });
  if (ours === 'override') {
    // A conflict that was deleted instead of decided arises anew: its override is no younger than its base.
    const ancestor = file.sides.conflict ? file.record?.conflict_base_oid : undefined;
    const older = base && ancestor !== undefined ? { ...base, oid: ancestor } : base;
    return merge(file, access, { base: older, ours: override as Entry });
  }
  return mergeBoth(file, access, recorded?.oid);
}

/**
 * Someone edited the delivered file although it has an override: both edits are ours. Where the two
 * conflict, upstream's change is merged around their markers, so that deciding between them loses nothing.
 */
async function mergeBoth(
  file: FileCase,
  access: ContentAccess,
  ancestor: string | undefined,
): Promise<SettledFile> {
  const { base, current, override, upstream } = file.sides;
  const declared = override as Entry;
  const joined = mergeContents(
    file.path,
    {
      base: ancestor === undefined ? undefined : await access.base(ancestor),
      ours: await access.target(declared.oid),
      theirs: await access.target((current as Entry).oid),
    },
    { ...access.merge, labels: { ...access.merge.labels, ...JOIN_LABELS } },
  );
  if (joined.kind === 'binary') {
    return conflicted(file, access, joined, { base, ours: current as Entry });
  }
  const combined = { oid: hashBlob(joined.content), mode: declared.mode };
  if (joined.kind === 'clean') {
    if (!sameEntry(upstream, base)) {
      return merge(file, access, { base, ours: combined, content: joined.content });
    }
    return write(file, access, 'merged', joined.content, combined.mode);
  }
  const both = mergeContents(
    file.path,
    {
      base: base && (await access.base(base.oid)),
      ours: joined.content,
      theirs: await access.upstream(deliveredBy(file)),
    },
    access.merge,
  );
  if (both.kind === 'binary') return conflicted(file, access, both, { base, ours: combined });
  const marked = {
    ...joined,
    content: both.content,
    conflict: { ...joined.conflict, ...markedRanges(both.content, access.sourceName) },
  };
  return conflicted(file, access, marked, { base, ours: combined });
}

async function merge(
  file: FileCase,
  access: ContentAccess,
  { base, ours, content }: { base: Entry | undefined; ours: Entry; content?: Uint8Array },
): Promise<SettledFile> {
  const derived = deliveredBy(file);
  const mode = mergeModes(base?.mode, ours.mode, derived.mode);
  if (mode === undefined) return conflicted(file, access, { kind: 'type' }, { base, ours });
  if (base && derived.oid === base.oid) {
    return write(file, access, 'merged', content ?? (await access.target(ours.oid)), mode);
  }
  if (base && ours.oid === base.oid) {
    return write(file, access, 'merged', await access.upstream(derived), mode);
  }
  if (ours.mode === '120000') return conflicted(file, access, { kind: 'type' }, { base, ours });
  const merged = mergeContents(
    file.path,
    {
      base: base && (await access.base(base.oid)),
      ours: content ?? (await access.target(ours.oid)),
      theirs: await access.upstream(derived),
    },
    access.merge,
  );
  if (merged.kind === 'clean') return write(file, access, 'merged', merged.content, mode);
  const known = await access.findResolution(base?.oid, ours.oid, derived.oid);
  if (known) {
    const { target, proposed } = known;
    const note = proposed
      ? `proposed: the same conflict was decided so in ${target}`
      : 'decided as the same conflict was before';
    const proposal = proposed ? { proposedBy: target } : {};
    return write(file, access, 'merged', known.content, mode, { note, ...proposal });
  }
  return conflicted(file, access, merged, { base, ours });
}

/** Writes a version of the downstream's own: to the delivered path, and to the override where there is one. */
function write(
  file: FileCase,
  access: ContentAccess,
  kind: OutcomeKind,
  content: Uint8Array,
  mode: Entry['mode'],
  {
    note,
    proposedBy,
    notable = true,
  }: {
    note?: string;
    proposedBy?: string;
    notable?: boolean;
  } = {},
): Promise<SettledFile> {
  const entry = { oid: hashBlob(content), mode };
  const { override: declared } = file.sides;
  const written = declared && (file.movedFrom !== undefined || declared.oid !== entry.oid);
  const override: TreeChange[] =
    file.overridePath !== undefined && written ? [{ path: file.overridePath, mode, content }] : [];
  return deliver(file, access, {
    kind,
    entry,
    content,
    override,
    notable,
    ...(note ? { note } : {}),
    ...(proposedBy === undefined ? {} : { proposedBy }),
  });
}

/** A conflict of lines puts markers at the delivered path; any other leaves it as it is. The override stays. */
async function conflicted(
  file: FileCase,
  access: ContentAccess,
  merged: Exclude<MergedContents, { kind: 'clean' }> | { readonly kind: 'type' },
  { base, ours }: { base: Entry | undefined; ours: Entry },
): Promise<SettledFile> {
  const { movedFrom, overridePath, sides } = file;
  const override: TreeChange[] =
    movedFrom !== undefined && sides.override && overridePath !== undefined
      ? [{ path: overridePath, ...entryOf(sides.override) }]
      : [];
  if (merged.kind === 'conflicted') {
    const { content, conflict } = merged;
    const entry = { oid: hashBlob(content), mode: ours.mode };
    const conflicting = { ours: ours.oid, ...(base ? { base: base.oid } : {}) };
    const own = { kind: 'conflicted' as const, entry, content, conflict, override };
    return deliver(file, access, { ...own, sides: conflicting });
  }
  const stays = sides.current ?? ours;
  const content = await access.target(stays.oid);
  const conflict: Conflict = { kind: merged.kind, ranges: [] };
  return deliver(file, access, { kind: 'conflicted', entry: stays, content, conflict, override });
}

/** What {@link deliver} writes at the path when it is not what upstream delivers. */
interface OwnVersion {
  readonly kind: OutcomeKind;
  readonly entry: Entry;
  readonly content: Uint8Array;
  readonly override?: readonly TreeChange[];
  readonly conflict?: Conflict;
  /** The ids of a conflict's base and of the downstream's side. */
  readonly sides?: { readonly base?: string; readonly ours: string };
  readonly note?: string;
  readonly proposedBy?: string;
  readonly notable?: boolean;
}

async function deliver(
  file: FileCase,
  access: ContentAccess,
  own: OwnVersion,
): Promise<SettledFile> {
  const { kind, entry, content, override = [], conflict, sides, note, proposedBy } = own;
  const { notable = true } = own;
  const derived = deliveredBy(file);
  const changes: TreeChange[] = [...override];
  if (file.movedFrom !== undefined || !sameEntry(file.sides.current, entry)) {
    changes.push({ path: file.path, mode: entry.mode, content });
  }
  const differs = !sameEntry(entry, derived);
  if (differs) {
    if (!file.hasBase || file.sides.base?.oid !== derived.oid) {
      const base = await access.upstream(derived);
      changes.push({ path: file.basePath, mode: '100644', content: base });
    }
  } else for (const one of dropBase(file)) changes.push(one);
  return {
    outcome: outcomeOf(file, kind, entry, {
      ...(conflict ? { conflict } : {}),
      ...(note === undefined ? {} : { note }),
      ...(proposedBy === undefined ? {} : { proposedBy }),
    }),
    changes,
    record: {
      ...recordOf(derived, {
        ...entry,
        sha256: hashSha256(content),
        base: differs,
        override: file.sides.override !== undefined,
        conflict: conflict !== undefined,
      }),
      ...(sides?.base ? { conflict_base_oid: sides.base } : {}),
      ...(sides ? { conflict_ours_oid: sides.ours } : {}),
      ...(conflict && file.sides.override
        ? { conflict_override_oid: file.sides.override.oid }
        : {}),
    },
    notable,
  };
}

function recordOf(
  derived: DerivedFile,
  written: Entry & { sha256: string; base?: boolean; override?: boolean; conflict?: boolean },
): ManifestEntry {
  const { oid, mode, sha256, base, override, conflict } = written;
  return {
    source: derived.source,
    oid,
    sha256,
    mode,
    ...(derived.sourceOid === derived.oid ? {} : { source_oid: derived.sourceOid }),
    ...(base ? { base_oid: derived.oid } : {}),
    ...(base && derived.mode !== mode ? { base_mode: derived.mode } : {}),
    ...(override ? { override: true } : {}),
    ...(conflict ? { conflict: true } : {}),
  };
}

/** Undefined: the sides are files of different kinds, or both changed the mode, each in its own way. */
function mergeModes(
  base: Entry['mode'] | undefined,
  ours: Entry['mode'],
  theirs: Entry['mode'],
): Entry['mode'] | undefined {
  if (ours === theirs || theirs === base) return ours;
  if (ours === base) return theirs;
  return base === undefined && ours !== '120000' && theirs !== '120000' ? ours : undefined;
}

function outcomeOf(
  file: FileCase,
  kind: OutcomeKind,
  after: Entry | undefined,
  more: { conflict?: Conflict; note?: string; proposedBy?: string } = {},
): Outcome {
  const { path, sides, derived, record, overridePath, movedFrom, drifted } = file;
  const source = derived?.source ?? record?.source;
  return {
    path,
    kind,
    ...(source === undefined ? {} : { source }),
    ...(sides.current && movedFrom === undefined ? { before: entryOf(sides.current) } : {}),
    ...(movedFrom === undefined ? {} : { note: `moved from ${movedFrom}` }),
    ...(after ? { after: entryOf(after) } : {}),
    ...(drifted ? { drifted } : {}),
    ...(sides.override && overridePath !== undefined ? { override: overridePath } : {}),
    ...more,
  };
}

function entryOf({ oid, mode }: Entry): Entry {
  return { oid, mode };
}

function dropBase({ hasBase, basePath }: FileCase): TreeChange[] {
  return hasBase ? [{ path: basePath, remove: true }] : [];
}

function deliveredBy({ derived, path }: FileCase): DerivedFile {
  if (!derived) throw new Error(`${path} is not delivered`);
  return derived;
}
