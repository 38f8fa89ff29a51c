import type { StructureEntry } from './structure-node.js';

type Items = ReadonlyMap<string, StructureEntry>;

/** An item of another name is the same when at least so much of it is as it was. */
const ALIKE = 0.5;

/** With more pairs than this to compare, none is. */
const MAX_PAIRS = 10_000;

/**
 * The items of a side by identity, in their order; one that the side has under another name goes by that of
 * the base, where the other side changed it: as a removal that would conflict, and the change be lost.
 */
export function withOldNames(base: Items, side: Items, other: Items): Items {
  const lost = [...base].filter(([name, item]) => {
    const changed = other.get(name);
    return !side.has(name) && changed !== undefined && changed.value.id !== item.value.id;
  });
  if (lost.length === 0) return side;
  const added = [...side].filter(([key]) => !base.has(key) && !other.has(key));
  if (lost.length * added.length > MAX_PAIRS) return side;
  const oldNames = new Map<string, string>();
  for (const [name, item] of lost) {
    const candidates = added
      .filter(([key]) => !oldNames.has(key))
      .map(([key, candidate]) => ({ key, alike: likeness(item, candidate) }))
      .filter(({ alike }) => alike >= ALIKE)
      .sort((left, right) => right.alike - left.alike);
    const [best, second] = candidates;
    if (best !== undefined && best.alike !== second?.alike) oldNames.set(best.key, name);
  }
  if (oldNames.size === 0) return side;
  return new Map([...side].map(([key, item]) => [oldNames.get(key) ?? key, item]));
}

/** The share of the members of the larger item that both have alike. */
function likeness({ value: left }: StructureEntry, { value: right }: StructureEntry): number {
  const members = new Map(left.entries.map(({ key, value }) => [key, value.id]));
  const alike = right.entries.filter(({ key, value }) => members.get(key) === value.id).length;
  return alike / Math.max(1, left.entries.length, right.entries.length);
}
