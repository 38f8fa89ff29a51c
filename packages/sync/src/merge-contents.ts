import { findConflictMarkers, merge3 } from '@holdfast/merge';
import type { ConflictMarker } from '@holdfast/merge';
import type { Conflict } from './plan.js';

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

/** Merges three versions of a file by lines; without a base, everything that differs conflicts. */
export function mergeContents(
  sides: { base: Uint8Array | undefined; ours: Uint8Array; theirs: Uint8Array },
  labels: MergeLabels,
): MergedContents {
  const { base = new Uint8Array(), ours, theirs } = sides;
  const result = merge3({ base, ours, theirs }, { labels });
  switch (result.kind) {
    case 'clean':
      return { kind: 'clean', content: result.content as Uint8Array };
    case 'binary':
      return { kind: 'binary' };
    case 'conflicted': {
      const content = result.content as Uint8Array;
      const ranges = result.conflicts.map(({ output }) => ({
        start: output.start,
        end: output.end - 1,
      }));
      const kind = sides.base ? 'content' : 'existing';
      const hunks = cutHunks(content, ranges);
      return { kind: 'conflicted', content, conflict: { kind, ranges, hunks } };
    }
  }
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

/**
 * The markers that {@link mergeContents} left in a text, whatever release they are of; those that a
 * document is about bear other labels.
 */
export function findOurMarkers(content: Uint8Array, sourceName: string): ConflictMarker[] {
  return findConflictMarkers(content, { labels: { ours: DOWNSTREAM, base: 'base' } }).filter(
    ({ kind, label }) => kind !== 'theirs' || label.startsWith(`${sourceName} `),
  );
}
