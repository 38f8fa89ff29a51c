/**
 * Finds circles of imports: for each group of files that reach each other, the shortest circle through
 * the first of them by name, from that file back to it.
 *
 * @param {ReadonlyMap<string, readonly string[]>} imports
 * @returns {string[][]}
 */
export function findCircles(imports) {
  const done = new Set();
  const circles = [];
  for (const file of [...imports.keys()].sort()) {
    if (done.has(file)) continue;
    const circle = shortestCircle(file, imports);
    if (!circle) continue;
    circles.push(circle);
    for (const member of circle) done.add(member);
  }
  return circles;
}

/** Breadth first from a file until it is met again. */
function shortestCircle(start, imports) {
  const cameFrom = new Map();
  const waiting = [start];
  for (const file of waiting) {
    for (const next of imports.get(file) ?? []) {
      if (next === start) {
        const circle = [start];
        for (let at = file; at !== start; at = cameFrom.get(at)) circle.unshift(at);
        return [start, ...circle];
      }
      if (cameFrom.has(next) || !imports.has(next)) continue;
      cameFrom.set(next, file);
      waiting.push(next);
    }
  }
  return undefined;
}
