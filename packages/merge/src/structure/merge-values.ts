import { LineComparer } from '../compare-lines.js';
import { alignChanges, type MergeSides, type Region, type Span } from '../merge-regions.js';
import { merge3 } from '../merge3.js';
import { commonIdentity, documentIdentity, identify, pathLabel } from './item-identity.js';
import { withOldNames } from './renamed-items.js';
import {
  UnreadableError,
  type Containers,
  type Part,
  type Remarks,
  type StructureEntry,
  type StructureFormat,
  type StructureNode,
} from './structure-node.js';
import type { ValueInterner } from './value-interner.js';

/** A place where both sides changed the same value, named by its path. */
export interface PathConflict {
  /** Such as `spec.ports[name=http].port`; `''` for the whole document. */
  path: string;
  /** What the base has there, as it is written, or its comment where that conflicts; absent for nothing. */
  base?: string;
  /** What ours has there. */
  ours?: string;
  /** What theirs has there. */
  theirs?: string;
}

/** Which side's value stands where both changed it. */
export type Pick = 'ours' | 'base' | 'theirs';

export interface ValueMergeOptions {
  pick: Pick;
  /** Members that tell the items of a sequence apart, the first that all items have. */
  identityKeys: readonly string[];
  /** Members that together tell documents apart. */
  documentKeys: readonly string[];
  /** Decides what the result says, and writes none: comments and spelling do not count, texts are empty. */
  isDry?: boolean;
}

/** What becomes of a value of ours: it stays, has another text, another side's value in its place, or none. */
type MergedValue =
  | { kind: 'kept'; id: number }
  | { kind: 'changed'; id: number; text: string }
  | { kind: 'taken'; id: number; from: Exclude<Pick, 'ours'> }
  | { kind: 'absent' };

interface MergedPart {
  key: string;
  part: Part;
  id: number;
}

/** Merges values by key and writes the result in the manner of ours. */
export class ValueMerger {
  readonly conflicts: PathConflict[] = [];
  #format: StructureFormat<unknown>;
  #ids: ValueInterner;
  #options: ValueMergeOptions;

  constructor(format: StructureFormat<unknown>, ids: ValueInterner, options: ValueMergeOptions) {
    this.#format = format;
    this.#ids = ids;
    this.#options = options;
  }

  /** The text of the merged value, and the number that it has when it is read again. */
  mergeRoot(sides: MergeSides<StructureNode>): { text: string; id: number } {
    const { base, ours, theirs } = sides;
    const merged = ours.isStream
      ? this.#mergeStream(base, ours, theirs)
      : this.#merge(base, ours, theirs, '');
    switch (merged.kind) {
      case 'changed':
        return { text: merged.text, id: merged.id };
      case 'taken':
        return {
          text: this.#options.isDry ? '' : this.#format.transplant(sides[merged.from], ours),
          id: merged.id,
        };
      default:
        return { text: ours.source, id: ours.id };
    }
  }

  #merge(
    base: StructureNode | undefined,
    ours: StructureNode,
    theirs: StructureNode,
    path: string,
  ): MergedValue {
    if (this.#isSameValue(theirs, ours) || this.#isSameValue(theirs, base)) {
      return { kind: 'kept', id: ours.id };
    }
    const theirValue = { kind: 'taken', id: theirs.id, from: 'theirs' } as const;
    if (this.#isSameValue(ours, base)) return theirValue;
    if (ours.entries.length === 0 && isUntouched(base, ours, theirs)) {
      return theirs.id === base?.id ? { kind: 'kept', id: ours.id } : theirValue;
    }
    const ancestor = base?.kind === ours.kind ? base : undefined;
    if (ours.kind === 'map' && theirs.kind === 'map' && ours.mark === theirs.mark) {
      return this.#mergeMaps(ancestor, ours, theirs, path);
    }
    if (ours.kind === 'sequence' && theirs.kind === 'sequence' && ours.mark === theirs.mark) {
      return this.#mergeSequences(ancestor, ours, theirs, path);
    }
    // Written otherwise, it may say the same.
    if (theirs.id === ours.id || theirs.id === base?.id) return { kind: 'kept', id: ours.id };
    if (ours.id === base?.id) return theirValue;
    return this.#conflict({ base, ours, theirs }, path);
  }

  #isSameValue(left: StructureNode, right: StructureNode | undefined): boolean {
    if (right === undefined || left.id !== right.id || left.mark !== right.mark) return false;
    return (
      this.#options.isDry === true ||
      left.core === right.core ||
      this.#format.valueText(left) === this.#format.valueText(right)
    );
  }

  #isSameEntry(left: StructureEntry, right: StructureEntry | undefined): boolean {
    if (right === undefined || left.value.id !== right.value.id) return false;
    return (
      this.#options.isDry === true || this.#format.entryText(left) === this.#format.entryText(right)
    );
  }

  /** The comments that stand where ours, theirs and the base have these. */
  #mergeRemark(base: string | undefined, ours: string, theirs: string, path: string): string {
    if (theirs === ours || theirs === base) return ours;
    if (ours === base) return theirs;
    const lines = (text = ''): string => (text === '' ? '' : `${text}\n`);
    const merged = merge3({ base: lines(base), ours: lines(ours), theirs: lines(theirs) });
    if (merged.kind === 'clean') return merged.content.replace(/\n$/, '');
    this.#reportRemark(path, base, ours, theirs);
    const { pick } = this.#options;
    return { base: base ?? '', ours, theirs }[pick];
  }

  #reportRemark(path: string, base: string | undefined, ours: string, theirs: string): void {
    if (this.conflicts.some((conflict) => conflict.path === path)) return;
    this.conflicts.push({
      path,
      ...(base && { base }),
      ...(ours && { ours }),
      ...(theirs && { theirs }),
    });
  }

  /** The comments of an entry that all sides may have changed; undefined where ours stand. */
  #mergeRemarks(
    base: StructureEntry | undefined,
    ours: StructureEntry,
    theirs: StructureEntry,
    path: string,
  ): Remarks | undefined {
    if (this.#options.isDry) return undefined;
    const above = this.#mergeRemark(base?.above, ours.above, theirs.above, path);
    const entries = { base, ours, theirs };
    let from: Pick = 'ours';
    if (theirs.beside !== ours.beside && theirs.beside !== base?.beside) {
      if (ours.beside === base?.beside) from = 'theirs';
      else {
        this.#reportRemark(path, base?.beside, ours.beside, theirs.beside);
        from = this.#options.pick;
      }
    }
    const beside = from === 'ours' ? undefined : entries[from];
    if (above === ours.above && beside === undefined) return undefined;
    return {
      ...(above !== ours.above && { above }),
      ...(beside !== undefined && { beside }),
    };
  }

  #conflict(
    {
      base,
      ours,
      theirs,
    }: { base: StructureNode | undefined; ours: StructureNode; theirs: StructureNode },
    path: string,
  ): MergedValue {
    this.#report(path, base, ours, theirs);
    const { pick } = this.#options;
    if (pick === 'theirs') return { kind: 'taken', id: theirs.id, from: 'theirs' };
    if (pick === 'base') {
      return base === undefined ? { kind: 'absent' } : { kind: 'taken', id: base.id, from: 'base' };
    }
    return { kind: 'kept', id: ours.id };
  }

  #report(
    path: string,
    base: StructureNode | undefined,
    ours: StructureNode | undefined,
    theirs: StructureNode | undefined,
  ): void {
    this.conflicts.push({
      path,
      ...(base && { base: base.core.trim() }),
      ...(ours && { ours: ours.core.trim() }),
      ...(theirs && { theirs: theirs.core.trim() }),
    });
  }

  #mergeMaps(
    base: StructureNode | undefined,
    ours: StructureNode,
    theirs: StructureNode,
    path: string,
  ): MergedValue {
    const keyed = (node: StructureNode | undefined): Keyed =>
      new Map(node?.entries.map((entry) => [entry.key, entry]));
    const sides = { base: keyed(base), ours: keyed(ours), theirs: keyed(theirs) };
    const merged = this.#mergeKeyed(sides, { base, ours, theirs }, (key) => {
      const entry = sides.ours.get(key) ?? sides.theirs.get(key);
      return path === '' ? entry!.label : joinPath(path, entry!.label);
    });
    const parts = arrange([...sides.ours.keys()], [...sides.theirs.keys()], merged);
    const id = this.#ids.map(parts.map(({ key, id }) => [key, id] as const));
    return this.#written({ base, ours, theirs }, parts, id, path);
  }

  /** Documents are told apart by what they are; one on each side is the same whatever it is. */
  #mergeStream(base: StructureNode, ours: StructureNode, theirs: StructureNode): MergedValue {
    const containers = { base, ours, theirs };
    const isSingle = [base, ours, theirs].every(({ entries }) => entries.length === 1);
    const { documentKeys } = this.#options;
    const keyed = (side: StructureNode): Map<string, StructureEntry> => {
      if (isSingle) return new Map([['', side.entries[0]!]]);
      const byIdentity = new Map<string, StructureEntry>();
      for (const entry of side.entries) {
        const identity = documentIdentity(entry.value, documentKeys);
        if (identity === undefined || byIdentity.has(identity)) {
          throw new UnreadableError(
            `the documents cannot be told apart by ${documentKeys.join(', ')}`,
          );
        }
        byIdentity.set(identity, entry);
      }
      return byIdentity;
    };
    const sides = { base: keyed(base), ours: keyed(ours), theirs: keyed(theirs) };
    const merged = this.#mergeKeyed(sides, containers, (key) => (isSingle ? '' : pathLabel(key)));
    const parts = this.#inOrder(sides, merged, '');
    return this.#written(containers, parts, this.#ids.sequence(parts.map(({ id }) => id)), '');
  }

  #mergeSequences(
    base: StructureNode | undefined,
    ours: StructureNode,
    theirs: StructureNode,
    path: string,
  ): MergedValue {
    const present = base === undefined ? [ours, theirs] : [base, ours, theirs];
    const identity = commonIdentity(present, this.#options.identityKeys);
    const parts =
      identity === undefined
        ? this.#mergeItems(base, ours, theirs, path)
        : this.#mergeIdentified(base, ours, theirs, path, identity);
    const id = this.#ids.sequence(parts.map(({ id }) => id));
    return this.#written({ base, ours, theirs }, parts, id, path);
  }

  #written(
    { base, ours, theirs }: Containers,
    parts: readonly MergedPart[],
    unmarked: number,
    path: string,
  ): MergedValue {
    const id = this.#ids.marked(ours.mark, unmarked);
    if (this.#options.isDry) return { kind: 'changed', id, text: '' };
    const below = this.#mergeRemark(base?.below, ours.below, theirs.below, path);
    const isUnchanged =
      below === ours.below &&
      (theirs.ending === ours.ending || ours.ending !== base?.ending) &&
      parts.length === ours.entries.length &&
      parts.every(({ part }, at) => isAsItWas(part) && part.entry === ours.entries[at]);
    if (isUnchanged) return { kind: 'kept', id };
    const text = this.#format.write(
      { base, ours, theirs },
      parts.map(({ part }) => part),
      below,
    );
    return { kind: 'changed', id, text };
  }

  #mergeIdentified(
    base: StructureNode | undefined,
    ours: StructureNode,
    theirs: StructureNode,
    path: string,
    identity: string,
  ): MergedPart[] {
    const known = identify(base, identity);
    const own = identify(ours, identity);
    const other = identify(theirs, identity);
    const sides = {
      base: known,
      ours: withOldNames(known, own, other),
      theirs: withOldNames(known, other, own),
    };
    const merged = this.#mergeKeyed(
      sides,
      { base, ours, theirs },
      (key) => `${path}[${identity}=${key}]`,
    );
    return this.#inOrder(sides, merged, path);
  }

  #inOrder(
    sides: MergeSides<Keyed>,
    merged: ReadonlyMap<string, MergedPart>,
    path: string,
  ): MergedPart[] {
    const orders = {
      base: [...sides.base.keys()],
      ours: [...sides.ours.keys()],
      theirs: [...sides.theirs.keys()],
    };
    const first = this.#pickOrder(orders, path);
    return arrange(followed(orders[first], orders.ours), orders.theirs, merged);
  }

  /** Whose order of items stands: that of the side that changed it. */
  #pickOrder(orders: MergeSides<string[]>, path: string): Pick {
    const ours = new Set(orders.ours);
    const theirs = new Set(orders.theirs);
    const shared = new Set(orders.base.filter((key) => ours.has(key) && theirs.has(key)));
    const order = (keys: string[]): string => JSON.stringify(keys.filter((key) => shared.has(key)));
    const base = order(orders.base);
    if (order(orders.theirs) === base || order(orders.theirs) === order(orders.ours)) return 'ours';
    if (order(orders.ours) === base) return 'theirs';
    this.conflicts.push({
      path: `${path}[order]`,
      base: orders.base.join(', '),
      ours: orders.ours.join(', '),
      theirs: orders.theirs.join(', '),
    });
    return this.#options.pick;
  }

  #mergeKeyed(
    sides: MergeSides<Keyed>,
    containers: Containers,
    pathOf: (key: string) => string,
  ): Map<string, MergedPart> {
    const merged = new Map<string, MergedPart>();
    for (const key of new Set([...sides.ours.keys(), ...sides.theirs.keys()])) {
      const part = this.#mergeMember(
        sides.base.get(key),
        sides.ours.get(key),
        sides.theirs.get(key),
        containers,
        pathOf(key),
      );
      if (part !== undefined) merged.set(key, { key, ...part });
    }
    return merged;
  }

  #mergeMember(
    base: StructureEntry | undefined,
    ours: StructureEntry | undefined,
    theirs: StructureEntry | undefined,
    containers: Containers,
    path: string,
  ): { part: Part; id: number } | undefined {
    if (ours !== undefined && theirs !== undefined) {
      if (this.#isSameEntry(theirs, ours) || this.#isSameEntry(theirs, base)) {
        return { id: ours.value.id, part: { kind: 'kept', entry: ours } };
      }
      if (this.#isSameEntry(ours, base)) return whole(theirs, 'theirs', containers);
      const merged = this.#merge(base?.value, ours.value, theirs.value, path);
      const remarks = this.#mergeRemarks(base, ours, theirs, path);
      return partOf(merged, { base, ours, theirs }, remarks);
    }
    const remaining = ours ?? theirs!;
    const from = ours === undefined ? 'theirs' : 'ours';
    // One side has it: that side added it, or the other removed it.
    if (base === undefined) return whole(remaining, from, containers);
    if (remaining.value.id === base.value.id) return undefined;
    this.#report(path, base.value, ours?.value, theirs?.value);
    const { pick } = this.#options;
    if (pick === 'base') return whole(base, 'base', containers, ours);
    return pick === from ? whole(remaining, from, containers) : undefined;
  }

  /** Items without an identity, compared as lines are. */
  #mergeItems(
    base: StructureNode | undefined,
    ours: StructureNode,
    theirs: StructureNode,
    path: string,
  ): MergedPart[] {
    const containers = { base, ours, theirs };
    const parts: MergedPart[] = [];
    const addOurs = (span: Span): void => {
      for (const entry of ours.entries.slice(span.start, span.end)) {
        parts.push({ key: '', part: { kind: 'kept', entry }, id: entry.value.id });
      }
    };
    const add = (side: Pick, span: Span): void => {
      for (const entry of (containers[side]?.entries ?? []).slice(span.start, span.end)) {
        parts.push({ key: '', ...whole(entry, side, containers) });
      }
    };
    const from = { base: 0, ours: 0, theirs: 0 };
    const addUpTo = (end: MergeSides<number>): void => {
      // What neither side changed, and what both changed alike, which may still differ in comments.
      const isKnown = end.base - from.base === end.ours - from.ours;
      for (let at = 0; from.ours + at < end.ours; at++) {
        const our = ours.entries[from.ours + at]!;
        const known = isKnown ? base?.entries[from.base + at] : undefined;
        const ancestor = known?.value.id === our.value.id ? known : undefined;
        const their = theirs.entries[from.theirs + at]!;
        const index = from.ours + at;
        const merged = this.#mergeMember(ancestor, our, their, containers, `${path}[${index}]`);
        if (merged !== undefined) parts.push({ key: '', ...merged });
      }
    };
    for (const region of alignItems(base, ours, theirs)) {
      const { start, end } = edges(region);
      addUpTo(start);
      Object.assign(from, end);
      if (isOneToOne(region))
        for (const one of this.#mergeAtSamePlace(containers, region, path)) parts.push(one);
      else if (region.kind === 'theirs' && hasSameRemarks(base, ours, region, 'ours')) {
        add('theirs', region.theirs);
      } else if (region.kind === 'ours' && hasSameRemarks(base, theirs, region, 'theirs')) {
        addOurs(region.ours);
      } else {
        this.conflicts.push(itemsConflict(containers, region, path));
        add(this.#options.pick, region[this.#options.pick]);
      }
    }
    addUpTo({
      base: base?.entries.length ?? 0,
      ours: ours.entries.length,
      theirs: theirs.entries.length,
    });
    return parts;
  }

  /** As many items on all sides: each is merged with the one in its place. */
  #mergeAtSamePlace(containers: Containers, region: Region, path: string): MergedPart[] {
    const { base, ours, theirs } = containers;
    return Array.from({ length: region.ours.end - region.ours.start }, (_, at) => {
      const index = region.ours.start + at;
      const merged = this.#mergeMember(
        base?.entries[region.base.start + at],
        ours.entries[index],
        theirs.entries[region.theirs.start + at],
        containers,
        `${path}[${index}]`,
      );
      return merged === undefined ? [] : [{ key: '', ...merged }];
    }).flat();
  }
}

type Keyed = ReadonlyMap<string, StructureEntry>;

/** Whether a value without entries holds nothing of ours: as in the base, or a container that both added. */
function isUntouched(
  base: StructureNode | undefined,
  ours: StructureNode,
  theirs: StructureNode,
): boolean {
  if (base?.kind === ours.kind) return ours.id === base.id;
  return ours.kind !== 'scalar' && ours.kind === theirs.kind && ours.mark === theirs.mark;
}

function partOf(
  merged: MergedValue,
  entries: { base: StructureEntry | undefined; ours: StructureEntry; theirs: StructureEntry },
  remarks: Remarks | undefined,
): { part: Part; id: number } | undefined {
  const entry = { entry: entries.ours, ...(remarks && { remarks }) };
  switch (merged.kind) {
    case 'kept':
      return { id: merged.id, part: { kind: 'kept', ...entry } };
    case 'changed':
      return { id: merged.id, part: { kind: 'changed', ...entry, text: merged.text } };
    case 'taken':
      return { id: merged.id, part: { kind: 'replaced', ...entry, by: entries[merged.from]! } };
    case 'absent':
      return undefined;
  }
}

function whole(
  entry: StructureEntry,
  from: Pick,
  containers: Containers,
  place?: StructureEntry,
): { part: Part; id: number } {
  const { id } = entry.value;
  if (from === 'ours') return { id, part: { kind: 'kept', entry } };
  if (place !== undefined) return { id, part: { kind: 'replaced', entry: place, by: entry } };
  return { id, part: { kind: 'inserted', entry, container: containers[from]! } };
}

/** The parts in the order of `primary`; those of `secondary` alone stand behind the one they follow there. */
function arrange(
  primary: readonly string[],
  secondary: readonly string[],
  merged: ReadonlyMap<string, MergedPart>,
): MergedPart[] {
  return followed(primary, secondary).flatMap((key) => merged.get(key) ?? []);
}

/** `primary`, and each key of `secondary` alone behind the one that it follows there; last if they share none. */
function followed(primary: readonly string[], secondary: readonly string[]): string[] {
  const known = new Set(primary);
  const leading: string[] = [];
  const followers = new Map<string, string[]>();
  let group = leading;
  for (const key of secondary) {
    if (known.has(key)) {
      group = [];
      followers.set(key, group);
    } else group.push(key);
  }
  if (followers.size === 0) return [...primary, ...leading];
  return [...leading, ...primary.flatMap((key) => [key, ...(followers.get(key) ?? [])])];
}

/** Lays the items of three sequences side by side by their values. */
function alignItems(
  base: StructureNode | undefined,
  ours: StructureNode,
  theirs: StructureNode,
): Region[] {
  const classes = new Map<number, number>();
  const sequence = (node: StructureNode | undefined): { ids: Int32Array } => ({
    ids: Int32Array.from(node?.entries ?? [], ({ value }) => {
      const known = classes.get(value.id) ?? classes.size;
      classes.set(value.id, known);
      return known;
    }),
  });
  const sides = { base: sequence(base), ours: sequence(ours), theirs: sequence(theirs) };
  return alignChanges(sides, new LineComparer(classes.size, 'myers'));
}

/** Whether a side that has the items of a region as the base has them also has their comments. */
function hasSameRemarks(
  base: StructureNode | undefined,
  side: StructureNode,
  region: Region,
  name: 'ours' | 'theirs',
): boolean {
  const items = side.entries.slice(region[name].start, region[name].end);
  return items.every((item, at) => isSameRemarked(item, base?.entries[region.base.start + at]));
}

function isSameRemarked(left: StructureEntry, right: StructureEntry | undefined): boolean {
  if (right === undefined || left.above !== right.above || left.beside !== right.beside)
    return false;
  return (
    left.value.below === right.value.below &&
    left.value.entries.length === right.value.entries.length &&
    left.value.entries.every((entry, at) => isSameRemarked(entry, right.value.entries[at]))
  );
}

/** Where a region begins and ends on each side. */
function edges({ base, ours, theirs }: Region): {
  start: MergeSides<number>;
  end: MergeSides<number>;
} {
  return {
    start: { base: base.start, ours: ours.start, theirs: theirs.start },
    end: { base: base.end, ours: ours.end, theirs: theirs.end },
  };
}

function isAsItWas(part: Part): boolean {
  return part.kind === 'kept' && part.remarks === undefined;
}

function isOneToOne({ base, ours, theirs }: Region): boolean {
  const length = ours.end - ours.start;
  return theirs.end - theirs.start === length && base.end - base.start === length;
}

function itemsConflict(containers: Containers, region: Region, path: string): PathConflict {
  const text = (side: Pick): string =>
    (containers[side]?.entries ?? [])
      .slice(region[side].start, region[side].end)
      .map(({ value }) => value.core.trim())
      .join(', ');
  const { start, end } = region.ours;
  return {
    path: `${path}[${end - start > 1 ? `${start}..${end - 1}` : start}]`,
    base: text('base'),
    ours: text('ours'),
    theirs: text('theirs'),
  };
}

function joinPath(path: string, label: string): string {
  return label.startsWith('[') ? path + label : `${path}.${label}`;
}
