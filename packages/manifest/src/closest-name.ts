/** Names longer than this are not compared: nobody misspells a word of that length. */
const MAX_LENGTH = 64;

/**
 * The candidate that `name` most likely stands for, or undefined when none is near: at most a third
 * of the letters may be wrong (one swap of neighbours counts as one), case aside.
 */
export function closestName(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Of more names than these not all are told. */
const MAX_TOLD = 10;

/**
 * What to say where a name is not known: the one that was meant, as far as it is like the given one, or else the
 * first of those there are. `kind` is a plural, like `targets`.
 */
export function hintName(name: string, known: readonly string[], kind: string): string {
  const meant = closestName(name, known);
  if (meant !== undefined) return `did you mean ${meant}?`;
  const told = known.slice(0, MAX_TOLD).join(', ') || 'none';
  const more = known.length - MAX_TOLD;
  return `the ${kind} are: ${told}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Optimal string alignment distance: insert, delete, replace, and swap of two neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + same,
      );
      const swapped =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    [beforeLast, last] = [last, current];
  }
  return last[b.length] ?? 0;
}
