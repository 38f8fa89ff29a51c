import { LineComparer } from '../compare-lines.js';
import { alignChanges, type MergeSides, type Region, type Span } from '../merge-regions.js';
import { commonIdentity, identify } from './item-identity.js';
import type { Part, StructureEntry, StructureFormat, StructureNode } from './structure-node.js';
import type { ValueInterner } from './value-interner.js';

/** A place where both sides changed the same value, named by its path. */
export interface PathConflict {
  /** Such as `spec.ports[name=http].port`; `''` for the whole document. */
  path: string;
  /** What each side has there, as it is written; absent where it has nothing. */
  base?: string;
  ours?: string;
  theirs?: string;
}

/** Which side's value stands where both changed it. */
export type Pick = 'ours' | 'base' | 'theirs';

export interface ValueMergeOptions {
  pick: Pick;
  /** Members that tell the items of a sequence apart, the first that all items have. */
  identityKeys: readonly string[];
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
    const merged = this.#merge(sides.base, sides.ours, sides.theirs, '');
    switch (merged.kind) {
      case 'changed':
        return { text: merged.text, id: merged.id };
      case 'taken':
        return {
          text: this.#format.transplant(sides[merged.from], sides.ours),
          id: merged.id,
        };
      default:
        return { text: sides.ours.source, id: sides.ours.id };
    }
  }

  #merge(
    base: StructureNode | undefined,
    ours: StructureNode,
    theirs: StructureNode,
    path: string,
  ): MergedValue {
    if (theirs.id === ours.id || theirs.id === base?.id) return { kind: 'kept', id: ours.id };
    if (ours.entries.length === 0 && isUntouched(base, ours, theirs)) {
      return { kind: 'taken', id: theirs.id, from: 'theirs' };
    }
    const ancestor = base?.kind === ours.kind ? base : undefined;
    if (ours.kind === 'map' && theirs.kind === 'map' && ours.mark === theirs.mark) {
      return this.#mergeMaps(ancestor, ours, theirs, path);
    }
    if (ours.kind === 'sequence' && theirs.kind === 'sequence' && ours.mark === theirs.mark) {
      return this.#mergeSequences(ancestor, ours, theirs, path);
    }
    if (ours.id === base?.id) return { kind: 'taken', id: theirs.id, from: 'theirs' };
    return this.#conflict({ base, ours, theirs }, path);
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
    return this.#written(ours, parts, id);
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
    return this.#written(ours, parts, this.#ids.sequence(parts.map(({ id }) => id)));
  }

  #written(ours: StructureNode, parts: readonly MergedPart[], unmarked: number): MergedValue {
    const id = this.#ids.marked(ours.mark, unmarked);
    const isUnchanged =
      parts.length === ours.entries.length &&
      parts.every(({ part }, at) => part.kind === 'kept' && part.entry === ours.entries[at]);
    if (isUnchanged) return { kind: 'kept', id };
    const text = this.#format.write(
      ours,
      parts.map(({ part }) => part),
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
    const sides = {
      base: identify(base, identity),
      ours: identify(ours, identity),
      theirs: identify(theirs, identity),
    };
    const merged = this.#mergeKeyed(
      sides,
      { base, ours, theirs },
      (key) => `${path}[${identity}=${key}]`,
    );
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
      const merged = this.#merge(base?.value, ours.value, theirs.value, path);
      return partOf(merged, { base, ours, theirs });
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
    let written = 0;
    for (const region of alignItems(base, ours, theirs)) {
      addOurs({ start: written, end: region.ours.start });
      written = region.ours.end;
      if (region.kind === 'theirs') add('theirs', region.theirs);
      else if (region.kind === 'ours') addOurs(region.ours);
      else if (isOneToOne(region)) parts.push(...this.#mergeAtSamePlace(containers, region, path));
      else {
        this.conflicts.push(itemsConflict(containers, region, path));
        add(this.#options.pick, region[this.#options.pick]);
      }
    }
    addOurs({ start: written, end: ours.entries.length });
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
type Containers = { base: StructureNode | undefined; ours: StructureNode; theirs: StructureNode };

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
): { part: Part; id: number } | undefined {
  const entry = entries.ours;
  switch (merged.kind) {
    case 'kept':
      return { id: merged.id, part: { kind: 'kept', entry } };
    case 'changed':
      return { id: merged.id, part: { kind: 'changed', entry, text: merged.text } };
    case 'taken':
      return { id: merged.id, part: { kind: 'replaced', entry, by: entries[merged.from]! } };
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
