/** Code points from the first to the second, both included. */
export type CodePointRange = readonly [number, number];

const known = new Map<string, readonly CodePointRange[] | undefined>();
/** Most escapes that are kept. */
const maxKnown = 200;

/**
 * The characters of a Unicode property as a pattern writes it (`\p{Letter}`, `\P{sc=Grek}`), in order and apart, asked of
 * the platform, which has the tables.
 *
 * @returns undefined where the platform does not know it.
 */
export function rangesOfProperty(escape: string): readonly CodePointRange[] | undefined {
  if (known.has(escape)) return known.get(escape);
  const ranges = askPlatform(escape);
  if (known.size < maxKnown) known.set(escape, ranges);
  return ranges;
}

function askPlatform(escape: string): CodePointRange[] | undefined {
  let runs: RegExp;
  try {
    runs = new RegExp(`(?:${escape})+`, 'gu');
  } catch {
    return undefined;
  }
  const ranges: [number, number][] = [];
  for (const stretch of stretches()) {
    for (const { 0: run } of stretch.matchAll(runs)) {
      const from = run.codePointAt(0)!;
      const to = lastOf(run);
      const before = ranges.at(-1);
      if (before?.[1] === from - 1) before[1] = to;
      else ranges.push([from, to]);
    }
  }
  return ranges;
}

/** All characters in order; surrogates, which would make pairs, one by one. */
function* stretches(): Generator<string> {
  yield (below ??= charactersOf(0, 0xd7ff));
  for (let point = 0xd800; point <= 0xdfff; point++) yield String.fromCharCode(point);
  yield (above ??= charactersOf(0xe000, 0x10ffff));
}

let below: string | undefined;
let above: string | undefined;

function charactersOf(from: number, to: number): string {
  const step = 0x1000;
  const parts: string[] = [];
  for (let start = from; start <= to; start += step) {
    const length = Math.min(step, to - start + 1);
    parts.push(String.fromCodePoint(...Array.from({ length }, (_, at) => start + at)));
  }
  return parts.join('');
}

function lastOf(text: string): number {
  const isPair = text.length > 1 && text.codePointAt(text.length - 2)! > 0xffff;
  return text.codePointAt(text.length - (isPair ? 2 : 1))!;
}
