import type { StructureEntry, StructureNode } from './structure-node.js';

/** The first of `keys` that every item of every sequence has as a scalar, no two of one sequence the same. */
export function commonIdentity(
  sequences: readonly StructureNode[],
  keys: readonly string[],
): string | undefined {
  return keys.find((key) =>
    sequences.every(({ entries }) => {
      const seen = new Set(entries.map(({ value }) => identityOf(value, key)));
      return seen.size === entries.length && !seen.has(undefined);
    }),
  );
}

/** The items by what their member `key` says. */
export function identify(
  sequence: StructureNode | undefined,
  key: string,
): Map<string, StructureEntry> {
  return new Map(sequence?.entries.map((entry) => [identityOf(entry.value, key)!, entry]));
}

/**
 * What a document is, by its members at `paths` (dotted); undefined if it has none of them. Of an
 * `apiVersion` only the group counts: an object stays the same in another version of its API.
 */
export function documentIdentity(
  document: StructureNode,
  paths: readonly string[],
): string | undefined {
  const values = paths.map((path) => {
    const names = path.split('.');
    const value = names.reduce<StructureNode | undefined>(memberOf, document)?.scalar ?? '';
    return path === 'apiVersion' ? (/^(.*)\/[^/]*$/.exec(value)?.[1] ?? '') : value;
  });
  return values.some((value) => value !== '') ? values.join(' ').trim() : undefined;
}

function memberOf(node: StructureNode | undefined, name: string): StructureNode | undefined {
  if (node?.kind !== 'map') return undefined;
  return node.entries.find(({ label }) => label === pathLabel(name))?.value;
}

function identityOf(item: StructureNode, key: string): string | undefined {
  if (item.kind !== 'map') return undefined;
  return item.entries.find(({ label }) => label === key)?.value.scalar;
}

const PLAIN = /^[\p{L}\p{N}_$-]+$/u;

/** How a key stands in a path: as it is, or quoted in brackets where it could be taken for more than one. */
export function pathLabel(key: string): string {
  return PLAIN.test(key) ? key : `[${JSON.stringify(key)}]`;
}
