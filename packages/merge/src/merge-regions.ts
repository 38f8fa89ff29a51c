import type { LineComparer } from './compare-lines.js';
import type { LineChange } from './line-change.js';
import type { LineIndex } from './line-interner.js';

/**
 * A range of lines, the end excluded: an empty one has `start === end`. In what the package hands out lines
 * count from 1; inside, from 0.
 */
export interface Span {
  /** The first line of the range. */
  start: number;
  /** The line behind the last one. */
  end: number;
}

/**
 * A part of a merge that differs from the base. What lies between two regions is the same in all three
 * texts, or changed alike by both sides; `same` is a part of a conflict that proved alike.
 */
export interface Region {
  kind: 'ours' | 'theirs' | 'conflict' | 'same';
  base: Span;
  ours: Span;
  theirs: Span;
}

/** What is merged, as one number for each of its elements: equal numbers for equal ones. */
export interface Sequence {
  readonly ids: Int32Array;
}

/** The common ancestor and the two versions made of it. */
export interface MergeSides<T> {
  /** What both versions were made of. */
  base: T;
  /** The version that is kept where nothing else is said. */
  ours: T;
  /** The version whose changes are merged into ours. */
  theirs: T;
}

/** The three texts, their lines interned together. */
export type IndexedSides = MergeSides<LineIndex>;

/** `merge`: both sides. `diff3`: the base too. `zdiff3`: the base too, and what both sides begin and end with left out. */
export type ConflictStyle = 'merge' | 'diff3' | 'zdiff3';

/** Conflicts with at most so many lines between them are shown as one. */
const NEAR_LINES = 3;

/** The regions of a merge, conflicts narrowed as `style` wants them. */
export function findRegions(
  sides: IndexedSides,
  comparer: LineComparer,
  style: ConflictStyle,
): Region[] {
  const regions = alignChanges(sides, comparer);
  switch (style) {
    case 'merge':
      return joinNearConflicts(sides.ours, refineConflicts(sides, regions, comparer));
    case 'zdiff3':
      for (const region of regions) if (region.kind === 'conflict') trimConflict(sides, region);
      return regions;
    case 'diff3':
      return regions;
  }
}

/**
 * Lays the changes of both sides side by side: those that neither overlap nor touch are taken, equal ones
 * once, all others are conflicts over the whole of what they touch.
 */
export function alignChanges(sides: MergeSides<Sequence>, comparer: LineComparer): Region[] {
  const ourChanges = comparer.compare(sides.base.ids, sides.ours.ids);
  const theirChanges = comparer.compare(sides.base.ids, sides.theirs.ids);
  const regions: Region[] = [];
  let ourIndex = 0;
  let theirIndex = 0;
  for (;;) {
    const our = ourChanges[ourIndex];
    const their = theirChanges[theirIndex];
    if (our === undefined && their === undefined) return regions;
    if (our !== undefined && (their === undefined || our.aEnd < their.aStart)) {
      const shift = their
        ? their.bStart - their.aStart
        : sides.theirs.ids.length - sides.base.ids.length;
      append(regions, {
        kind: 'ours',
        base: { start: our.aStart, end: our.aEnd },
        ours: { start: our.bStart, end: our.bEnd },
        theirs: { start: our.aStart + shift, end: our.aEnd + shift },
      });
      ourIndex++;
    } else if (their !== undefined && (our === undefined || their.aEnd < our.aStart)) {
      const shift = our ? our.bStart - our.aStart : sides.ours.ids.length - sides.base.ids.length;
      append(regions, {
        kind: 'theirs',
        base: { start: their.aStart, end: their.aEnd },
        ours: { start: their.aStart + shift, end: their.aEnd + shift },
        theirs: { start: their.bStart, end: their.bEnd },
      });
      theirIndex++;
    } else if (our !== undefined && their !== undefined) {
      if (!isSameChange(sides, our, their)) append(regions, conflictOf(our, their));
      if (their.aEnd >= our.aEnd) ourIndex++;
      if (our.aEnd >= their.aEnd) theirIndex++;
    }
  }
}

function isSameChange(sides: MergeSides<Sequence>, our: LineChange, their: LineChange): boolean {
  if (our.aStart !== their.aStart || our.aEnd !== their.aEnd) return false;
  const length = our.bEnd - our.bStart;
  if (their.bEnd - their.bStart !== length) return false;
  for (let line = 0; line < length; line++) {
    if (sides.ours.ids[our.bStart + line] !== sides.theirs.ids[their.bStart + line]) return false;
  }
  return true;
}

function conflictOf(our: LineChange, their: LineChange): Region {
  const start = Math.min(our.aStart, their.aStart);
  const end = Math.max(our.aEnd, their.aEnd);
  return {
    kind: 'conflict',
    base: { start, end },
    ours: { start: our.bStart - our.aStart + start, end: our.bEnd - our.aEnd + end },
    theirs: { start: their.bStart - their.aStart + start, end: their.bEnd - their.aEnd + end },
  };
}

/** Adds a region, or widens the last one where the two meet on either side. */
function append(regions: Region[], region: Region): void {
  const last = regions.at(-1);
  if (
    last === undefined ||
    (region.ours.start > last.ours.end && region.theirs.start > last.theirs.end)
  ) {
    regions.push(region);
    return;
  }
  if (last.kind !== region.kind) last.kind = 'conflict';
  last.base.end = region.base.end;
  last.ours.end = region.ours.end;
  last.theirs.end = region.theirs.end;
}

/** Compares the two sides of each conflict; only where they differ remains in conflict. */
function refineConflicts(
  sides: IndexedSides,
  regions: readonly Region[],
  comparer: LineComparer,
): Region[] {
  return regions.flatMap((region) => {
    const { kind, base, ours, theirs } = region;
    if (kind !== 'conflict' || ours.start === ours.end || theirs.start === theirs.end) {
      return [region];
    }
    const differences = comparer.compare(
      sides.ours.ids.subarray(ours.start, ours.end),
      sides.theirs.ids.subarray(theirs.start, theirs.end),
    );
    if (differences.length === 0) return [{ ...region, kind: 'same' as const }];
    return differences.map(({ aStart, aEnd, bStart, bEnd }) => ({
      kind,
      base: { ...base },
      ours: { start: ours.start + aStart, end: ours.start + aEnd },
      theirs: { start: theirs.start + bStart, end: theirs.start + bEnd },
    }));
  });
}

/** Joins conflicts that only a few lines, or only lines without a letter or digit, separate. */
function joinNearConflicts(ours: LineIndex, regions: readonly Region[]): Region[] {
  const joined: Region[] = [];
  for (const region of regions) {
    const last = joined.at(-1);
    if (
      last?.kind === 'conflict' &&
      region.kind === 'conflict' &&
      (region.ours.start - last.ours.end <= NEAR_LINES ||
        !hasWordCharacter(ours, last.ours.end, region.ours.start))
    ) {
      last.base.end = region.base.end;
      last.ours.end = region.ours.end;
      last.theirs.end = region.theirs.end;
    } else {
      joined.push(region);
    }
  }
  return joined;
}

function hasWordCharacter(index: LineIndex, start: number, end: number): boolean {
  for (let at = index.starts[start]!; at < index.starts[end]!; at++) {
    const byte = index.bytes[at]!;
    const letter = byte | 0x20;
    if ((byte >= 0x30 && byte <= 0x39) || (letter >= 0x61 && letter <= 0x7a)) return true;
  }
  return false;
}

/** Leaves out the lines that both sides of a conflict begin and end with. */
function trimConflict(sides: IndexedSides, { ours, theirs }: Region): void {
  const ourIds = sides.ours.ids;
  const theirIds = sides.theirs.ids;
  while (
    ours.start < ours.end &&
    theirs.start < theirs.end &&
    ourIds[ours.start] === theirIds[theirs.start]
  ) {
    ours.start++;
    theirs.start++;
  }
  while (
    ours.start < ours.end &&
    theirs.start < theirs.end &&
    ourIds[ours.end - 1] === theirIds[theirs.end - 1]
  ) {
    ours.end--;
    theirs.end--;
  }
}
