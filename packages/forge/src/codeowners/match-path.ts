/**
 * Whether a path matches a pattern of segments, both split at `/`. `**` stands for any number of
 * segments, `*` within a segment for any characters, `?` for one. Takes time in proportion to the
 * lengths multiplied, whatever the pattern.
 */
export function matchSegments(pattern: readonly string[], path: readonly string[]): boolean {
  return match(pattern, path, {
    isMany: (segment) => segment === '**',
    isOne: (segment, name) => matchSegment(segment, name),
  });
}

function matchSegment(segment: string, name: string): boolean {
  if (segment === name || segment === '*') return true;
  return match([...segment], [...name], {
    isMany: (character) => character === '*',
    isOne: (character, other) => character === '?' || character === other,
  });
}

interface Comparison {
  readonly isMany: (part: string) => boolean;
  readonly isOne: (part: string, item: string) => boolean;
}

/** Greedy matching with one way back: to the last wildcard, one item further on. */
function match(
  parts: readonly string[],
  items: readonly string[],
  { isMany, isOne }: Comparison,
): boolean {
  let part = 0;
  let item = 0;
  let wildcard = -1;
  let resume = 0;
  while (item < items.length) {
    const current = parts[part];
    if (current !== undefined && isMany(current)) {
      wildcard = part++;
      resume = item;
    } else if (current !== undefined && isOne(current, items[item]!)) {
      part += 1;
      item += 1;
    } else if (wildcard >= 0) {
      part = wildcard + 1;
      item = ++resume;
    } else return false;
  }
  while (part < parts.length && isMany(parts[part]!)) part += 1;
  return part === parts.length;
}
