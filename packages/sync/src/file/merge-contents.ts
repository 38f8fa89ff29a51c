import type { SyncRule } from '@holdfast/manifest';
import { findConflictMarkers, merge3, mergeJson } from '@holdfast/merge';
import type {
  ConflictMarker,
  MergeResult,
  MergeSides,
  PathConflict,
  StructureMergeOptions,
  StructureMergeResult,
} from '@holdfast/merge';
import { mergeYaml } from '@holdfast/merge/yaml';
import type { Conflict } from '../plan.js';

/** The result of merging one file: bytes, and where someone must decide. */
export type MergedContents =
  | { readonly kind: 'clean'; readonly content: Uint8Array }
  | { readonly kind: 'conflicted'; readonly content: Uint8Array; readonly conflict: Conflict }
  /** The file has no lines to merge. */
  | { readonly kind: 'binary' };

/** What conflict markers are labelled with. */
export interface MergeLabels {
  readonly ours: string;
  readonly base: string;
  readonly theirs: string;
}

/** How files are merged: the rule's `merge`, and what markers are labelled with. */
export interface MergeSettings extends Partial<SyncRule['merge']> {
  readonly labels: MergeLabels;
}

/**
 * Merges three versions of a file: JSON and YAML by key unless the rule says otherwise, all else by
 * line. Without a base, everything that differs conflicts.
 */
export function mergeContents(
  path: string,
  sides: { base: Uint8Array | undefined; ours: Uint8Array; theirs: Uint8Array },
  { by = 'auto', style, identity_keys, document_keys, encoding, labels }: MergeSettings,
): MergedContents {
  const { base = new Uint8Array(), ours, theirs } = sides;
  const versions = { base, ours, theirs };
  const options = {
    labels,
    ...(style ? { style } : {}),
    ...(encoding ? { encoding } : {}),
    ...(identity_keys ? { identityKeys: identity_keys } : {}),
    ...(document_keys ? { documentKeys: document_keys } : {}),
  };
  const byKey = by === 'auto' && sides.base ? keyMergers[extensionOf(path)] : undefined;
  const result: MergeResult<Uint8Array> & { paths?: readonly PathConflict[] } = byKey
    ? byKey(versions, options)
    : merge3(versions, options);
  if (result.kind === 'binary') return { kind: 'binary' };
  if (result.kind === 'clean') return { kind: 'clean', content: result.content };
  const { content } = result;
  const ranges = result.conflicts.map(({ output }) => ({
    start: output.start,
    end: output.end - 1,
  }));
  const conflict: Conflict = {
    kind: sides.base ? 'content' : 'existing',
    ranges,
    hunks: cutHunks(content, ranges),
    ...(result.paths ? { keys: result.paths.map((place) => place.path) } : {}),
  };
  return { kind: 'conflicted', content, conflict };
}

type KeyMerger = (
  sides: MergeSides<Uint8Array>,
  options: StructureMergeOptions,
) => StructureMergeResult<Uint8Array>;

const keyMergers: Partial<Record<string, KeyMerger>> = {
  json: mergeJson,
  jsonc: mergeJson,
  yaml: mergeYaml,
  yml: mergeYaml,
};

function extensionOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1).toLowerCase();
}

function cutHunks(content: Uint8Array, ranges: Conflict['ranges']): string[] {
  const lines = new TextDecoder().decode(content).split('\n');
  return ranges.map(({ start, end }) => lines.slice(start - 1, end).join('\n'));
}

/** What conflict markers of a release are labelled with. */
export function labelsOf(sourceName: string, version: string): MergeLabels {
  return { ours: DOWNSTREAM, base: 'base', theirs: `${sourceName} ${version}` };
}

const DOWNSTREAM = 'downstream';

/** What markers are labelled with between an override and an edit of the file that it overrides. */
export const JOIN_LABELS = { ours: 'downstream override', theirs: 'downstream file' } as const;

/**
 * The markers that {@link mergeContents} left in a text, whatever release they are of; those that a
 * document is about bear other labels.
 */
export function findOurMarkers(content: Uint8Array, sourceName: string): ConflictMarker[] {
  const ours: readonly string[] = [DOWNSTREAM, JOIN_LABELS.ours];
  const open = new Set<number>();
  return findConflictMarkers(content, { labels: { base: 'base' } }).filter(
    ({ kind, label, size }) => {
      if (kind === 'separator') return open.has(size);
      if (kind === 'ours' && !ours.includes(label)) return false;
      if (kind !== 'theirs') open.add(size);
      else if (label !== JOIN_LABELS.theirs && !label.startsWith(`${sourceName} `)) return false;
      else open.delete(size);
      return true;
    },
  );
}

/** Where a text bears our markers, each hunk from its first marker to its last. */
export function markedRanges(
  content: Uint8Array,
  sourceName: string,
): Required<Pick<Conflict, 'ranges' | 'hunks'>> {
  const ranges: { start: number; end: number }[] = [];
  const opened: number[] = [];
  for (const { kind, line } of findOurMarkers(content, sourceName)) {
    if (kind === 'ours') opened.push(line);
    if (kind !== 'theirs') continue;
    const start = opened.pop() ?? line;
    if (opened.length === 0) ranges.push({ start, end: line });
  }
  return { ranges, hunks: cutHunks(content, ranges) };
}
