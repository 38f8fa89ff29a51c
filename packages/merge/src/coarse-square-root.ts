/** The smallest power of two that is at least the square root, or twice it: what the cost cap is counted in. */
export function coarseSquareRoot(value: number): number {
  let root = 1;
  for (let rest = value; rest > 0; rest >>>= 2) root <<= 1;
  return root;
}
