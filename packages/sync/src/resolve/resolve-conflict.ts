import {
  hashBlob,
  hashSha256,
  parseManifest,
  ruleStatePaths,
  serializeManifest,
} from '@holdfast/manifest';
import type { Manifest, ManifestEntry } from '@holdfast/manifest';
import { findOurMarkers } from '../file/merge-contents.js';
import type { TreeChange } from '../ports.js';
import { resolutionKey, resolutionPath } from './resolutions.js';
import { SyncError } from '../sync-error.js';
import { appendDecision, DECISIONS } from '../target/append-decision.js';
import { overrideRootOf } from '../target/override-root.js';

/** The files of a target: of a work tree, or of a commit. */
export interface TargetFolder {
  /** The paths of the files below a folder (which ends in `/`). */
  list(folder: string): Promise<readonly string[]>;
  /** The content of a file; undefined where there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
}

/** How a conflict is decided. */
export interface Decision {
  /**
   * `as-is`: the file as it lies there, edited by hand. `ours`, `theirs`: that side of what is still in
   * conflict. Or the content itself.
   */
  readonly take: 'as-is' | 'ours' | 'theirs' | Uint8Array;
  /** Why, in a sentence; it goes into `DECISIONS.md`. */
  readonly decision: string;
  readonly resolvedBy: string;
  readonly date: Date;
  /** The change request that bears the conflict: its link, or its number. */
  readonly request?: string;
}

/** What deciding a conflict changes in the target. */
export interface ResolvedConflict {
  readonly path: string;
  readonly rule: string;
  /** The release that conflicted. */
  readonly version: string;
  /** What was taken: a side, what someone had written there, or the content that was given. */
  readonly taken: Taken;
  /** What the file holds now. */
  readonly content: Uint8Array;
  readonly mode: ManifestEntry['mode'];
  readonly changes: readonly TreeChange[];
}

/** Whose version a decision took. */
export type Taken = 'ours' | 'theirs' | 'edited' | 'given';

/**
 * Finishes the conflict of one delivered file: takes the decision as the file's content and as its
 * override, clears the conflict in the manifest, remembers the decision for the same conflict
 * in other targets, and logs it. Pure but for reading the folder.
 *
 * @throws SyncError `unknown-path` when the file is in no conflict, `unresolved` while markers are left
 */
export async function resolveConflict(
  folder: TargetFolder,
  path: string,
  { namespace, ...decision }: Decision & { readonly namespace: string },
): Promise<ResolvedConflict> {
  const { manifest, record } = await findConflict(folder, namespace, path);
  const {
    state,
    manifest: manifestPath,
    base: basePath,
  } = ruleStatePaths(namespace, manifest.rule_id);
  const current = await folder.read(path);
  if (!current) throw notThere(path);
  if (record.withdrawn) {
    return resolveWithdrawn(folder, path, { manifest, record, current, namespace, decision });
  }
  const theirs = await folder.read(basePath(path));
  const override = await findOverride(folder, namespace, path, manifest);
  const declared = override === undefined ? undefined : await folder.read(override);
  const sides = { current, declared, theirs, source: manifest.source_repo };
  if (decision.take === 'as-is' && declared && hashBlob(current) === record.oid) {
    refuseUndecided(path, sides);
  }
  const taken = takenBy(decision.take);
  const { rule_id: rule, source_ref: version } = manifest;
  const log = await logDecision(folder, path, version, { ...decision, taken });
  // Where it is logged already and the markers are gone, a process died that had come so far.
  const begun =
    log.begun &&
    hashBlob(current) !== record.oid &&
    findOurMarkers(current, manifest.source_repo).length === 0;
  const content = begun ? current : settle(path, sides, decision.take);
  const mode = modeOf(record, sides, decision.take);
  const upstream = record.base_oid ?? record.oid;
  // The entry comes first, the state last: as long as that says that there is a conflict, the command can
  // be run again.
  const changes: TreeChange[] = [log.change];
  if (override !== undefined) changes.push({ path: override, mode, content });
  changes.push({ path, mode, content });
  const resolved = resolvedRecord(record, content, mode);
  if (resolved.base_oid === undefined && theirs)
    changes.push({ path: basePath(path), remove: true });
  if (record.conflict_ours_oid !== undefined) {
    const key = resolutionKey(record.conflict_base_oid, record.conflict_ours_oid, upstream);
    changes.push({ path: resolutionPath(state, key), mode: '100644', content });
  }
  const files = new Map(manifest.files).set(path, resolved);
  const written = serializeManifest({ ...manifest, files });
  changes.push({ path: manifestPath, mode: '100644', content: encode(written) });
  return { path, rule, version, taken, content, mode, changes };
}

function takenBy(take: Decision['take']): Taken {
  if (take === 'as-is') return 'edited';
  return typeof take === 'string' ? take : 'given';
}

/** What upstream withdrew goes as upstream says, or stays as the target's own; either way it is no longer listed. */
async function resolveWithdrawn(
  folder: TargetFolder,
  path: string,
  {
    manifest,
    record,
    current,
    namespace,
    decision,
  }: {
    readonly manifest: Manifest;
    readonly record: ManifestEntry;
    readonly current: Uint8Array;
    readonly namespace: string;
    readonly decision: Decision;
  },
): Promise<ResolvedConflict> {
  const { rule_id: rule, source_ref: version, source_repo: source } = manifest;
  const { mode } = record;
  const taken = takenBy(decision.take);
  const log = await logDecision(folder, path, version, { ...decision, taken });
  const changes: TreeChange[] = [log.change];
  const override = await findOverride(folder, namespace, path, manifest);
  const sides = { current, declared: undefined, theirs: undefined, source };
  const content = taken === 'theirs' ? current : settle(path, sides, decision.take);
  if (taken === 'theirs') {
    if (override !== undefined) changes.push({ path: override, remove: true });
    changes.push({ path, remove: true });
  } else changes.push({ path, mode, content });
  const files = new Map(manifest.files);
  files.delete(path);
  const written = encode(serializeManifest({ ...manifest, files }));
  changes.push({
    path: ruleStatePaths(namespace, rule).manifest,
    mode: '100644',
    content: written,
  });
  return { path, rule, version, taken, content, mode, changes };
}

async function findConflict(
  folder: TargetFolder,
  namespace: string,
  path: string,
): Promise<{ manifest: Manifest; record: ManifestEntry }> {
  const conflicts: string[] = [];
  for (const file of await folder.list(`.${namespace}-sync-state/`)) {
    if (!/^[^/]+\/[^/]+\/manifest\.json$/.test(file)) continue;
    const parsed = parseManifest(decode((await folder.read(file)) ?? new Uint8Array()), { file });
    if (parsed.kind === 'invalid') continue;
    const record = parsed.value.files.get(path);
    if (record?.conflict) return { manifest: parsed.value, record };
    for (const [other, { conflict }] of parsed.value.files) if (conflict) conflicts.push(other);
  }
  throw new SyncError('unknown-path', `${path} is in no conflict here`, {
    hint:
      conflicts.length > 0
        ? `in conflict are: ${conflicts.slice(0, 10).join(', ')}`
        : 'no delivered file is in conflict; check out the branch of the change request, or name the target',
  });
}

function notThere(path: string): SyncError {
  return new SyncError('unknown-path', `${path} does not exist here`, {
    hint: 'restore the file, or give its content with --file',
  });
}

/** What a decision is made of. */
interface ConflictSides {
  readonly current: Uint8Array;
  /** The override; the downstream's side where no markers show it. */
  readonly declared: Uint8Array | undefined;
  readonly theirs: Uint8Array | undefined;
  /** What the manifest calls the source; markers are labelled with it. */
  readonly source: string;
}

/** The mode that goes with the content: upstream's for upstream's file, never a link's for a file. */
function modeOf(
  { mode, base_mode: upstream = mode }: ManifestEntry,
  { current, source }: ConflictSides,
  take: Decision['take'],
): ManifestEntry['mode'] {
  if (take === 'theirs') return findOurMarkers(current, source).length > 0 ? mode : upstream;
  if (typeof take === 'string' || mode !== '120000') return mode;
  return upstream === '120000' ? '100644' : upstream;
}

/** Without markers, a file that nobody touched is no decision: the override says something else. */
function refuseUndecided(path: string, { current, source }: ConflictSides): void {
  if (findOurMarkers(current, source).length > 0) return;
  throw new SyncError('unresolved', `${path} lies there as the last sync left it`, {
    hint: 'take the override with --ours, the release with --theirs, or other content with --file',
  });
}

/** The content that a decision comes to. */
function settle(
  path: string,
  { current, declared, theirs, source }: ConflictSides,
  take: Decision['take'],
): Uint8Array {
  if (take === 'ours' || take === 'theirs') {
    const marked = findOurMarkers(current, source).length > 0;
    if (marked) return takeSide(current, source, take);
    return (take === 'theirs' ? theirs : declared) ?? current;
  }
  const chosen = take === 'as-is' ? current : take;
  const left = findOurMarkers(chosen, source).map(({ line }) => line);
  if (left.length === 0) return chosen;
  throw new SyncError(
    'unresolved',
    `${path}: conflict markers are left in lines ${left.join(', ')}`,
    {
      hint: 'edit the file until no marker is left, or take one side with --ours or --theirs',
    },
  );
}

/** Keeps one side of every conflict that is marked in a text; all else stays byte for byte. */
function takeSide(content: Uint8Array, source: string, side: 'ours' | 'theirs'): Uint8Array {
  const lines = Buffer.from(content)
    .toString('latin1')
    .split(/(?<=\n)/);
  const markers = new Map(findOurMarkers(content, source).map(({ line, kind }) => [line, kind]));
  // Markers nest where an override and an edit of its file conflict, and upstream conflicts with both.
  const parts: ('ours' | 'base' | 'theirs')[] = [];
  const kept = lines.filter((_, index) => {
    const marker = markers.get(index + 1);
    if (marker === undefined) return parts.every((part) => part === side);
    if (marker !== 'ours') parts.pop();
    if (marker !== 'theirs') parts.push(marker === 'separator' ? 'theirs' : marker);
    return false;
  });
  return Buffer.from(kept.join(''), 'latin1');
}

function resolvedRecord(
  record: ManifestEntry,
  content: Uint8Array,
  mode: ManifestEntry['mode'],
): ManifestEntry {
  const {
    conflict: _conflict,
    conflict_base_oid: _base,
    conflict_ours_oid: _ours,
    conflict_override_oid: _override,
    base_oid: upstream = record.oid,
    base_mode: upstreamMode = record.mode,
    ...rest
  } = record;
  const oid = hashBlob(content);
  const differs = upstream !== oid || upstreamMode !== mode;
  return {
    ...rest,
    oid,
    mode,
    sha256: hashSha256(content),
    ...(differs ? { base_oid: upstream } : {}),
    ...(upstreamMode === mode ? {} : { base_mode: upstreamMode }),
  };
}

/** The override of a delivered file, where it took part in the sync. */
async function findOverride(
  folder: TargetFolder,
  namespace: string,
  path: string,
  manifest: Manifest,
): Promise<string | undefined> {
  if (!manifest.files.get(path)?.override) return undefined;
  const overrides = new Set(await folder.list(`.${namespace}-overrides/`));
  const root = overrideRootOf(manifest, overrides, { namespace });
  const override = `.${namespace}-overrides/${path.slice(root.length)}`;
  return path.startsWith(root) && overrides.has(override) ? override : undefined;
}

/** Appends the entry that the distribution specification asks for, with whose version was taken and where it was asked. */
async function logDecision(
  folder: TargetFolder,
  path: string,
  version: string,
  {
    decision,
    resolvedBy,
    date,
    request,
    taken,
  }: Omit<Decision, 'take'> & { readonly taken: Taken },
): Promise<{ readonly change: TreeChange; readonly begun: boolean }> {
  const day = date.toISOString().slice(0, 10);
  const existing = await folder.read(DECISIONS);
  const text = appendDecision(existing && decode(existing), {
    heading: `${day}: ${path}, ${version}`,
    kind: 'conflict_resolution',
    record: {
      date: day,
      sync_version: version,
      file: path,
      decision,
      taken: takenWords[taken],
      resolved_by: resolvedBy,
      request,
    },
  });
  const change: TreeChange = { path: DECISIONS, mode: '100644', content: encode(text) };
  return { change, begun: existing !== undefined && decode(existing) === text };
}

const takenWords: Record<Taken, string> = {
  ours: "the downstream's side",
  theirs: "the release's side",
  edited: 'as edited by hand',
  given: 'content given with the decision',
};

function decode(content: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
