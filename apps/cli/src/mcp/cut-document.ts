/** What was left out of a document: a list by its place, its length, and how much of it is there. */
export interface Cut {
  readonly path: string;
  readonly of: number;
  readonly shown: number;
}

/** A document that fits, still of its shape: only lists became shorter. */
export interface CutDocument {
  readonly document: object;
  readonly cuts: readonly Cut[];
}

/**
 * Shortens the longest lists of a JSON document until it has at most `limit` characters. A document
 * whose length is not in lists comes back longer than that.
 */
export function cutDocument(document: object, limit: number): CutDocument {
  let text = JSON.stringify(document);
  if (text.length <= limit) return { document, cuts: [] };
  const copy = JSON.parse(text) as object;
  const lengths = new Map<string, number>();
  while (text.length > limit) {
    const longest = findLongest(copy);
    if (!longest) break;
    const { path, list } = longest;
    if (!lengths.has(path)) lengths.set(path, list.length);
    list.length = Math.floor(list.length / 2);
    text = JSON.stringify(copy);
  }
  const cuts = [...lengths].map(([path, of]) => ({ path, of, shown: listAt(copy, path).length }));
  return { document: copy, cuts };
}

interface Found {
  readonly path: string;
  readonly list: unknown[];
  readonly size: number;
}

/** The list with more than one element whose text is longest; inner lists before the outer. */
function findLongest(root: object): Found | undefined {
  let longest: Found | undefined;
  const visit = (value: unknown, path: string): number => {
    if (typeof value !== 'object' || value === null) return JSON.stringify(value)?.length ?? 0;
    const size = Object.entries(value).reduce(
      (sum, [key, member]) => sum + key.length + visit(member, `${path}/${key}`),
      2,
    );
    if (Array.isArray(value) && value.length > 1 && size > (longest?.size ?? 0) * 1.5)
      longest = { path, list: value, size };
    return size;
  };
  visit(root, '');
  return longest;
}

function listAt(root: object, path: string): unknown[] {
  const value = path
    .split('/')
    .slice(1)
    .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], root);
  return Array.isArray(value) ? value : [];
}
