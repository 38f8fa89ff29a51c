/** How many lines a word holds, in how many bits each. */
export const LINES_PER_WORD = 8;
const BITS_PER_LINE = 4;
/** Ids above these are what follows the last line of either text. */
const MAX_CLASSES = 14;

/**
 * Two texts of few different lines, for each place a word of the eight lines from there on and one of the
 * eight before it, so that eight pairs of lines are compared at once.
 */
export interface PackedLines {
  fromA: Int32Array;
  fromB: Int32Array;
  beforeA: Int32Array;
  beforeB: Int32Array;
}

/** Packs two texts; `undefined` when they have more than 14 different lines. */
export function packLines(a: Int32Array, b: Int32Array): PackedLines | undefined {
  const classes = new Map<number, number>();
  for (const ids of [a, b]) {
    for (let line = 0; line < ids.length; line++) {
      if (!classes.has(ids[line]!)) classes.set(ids[line]!, classes.size);
      if (classes.size > MAX_CLASSES) return undefined;
    }
  }
  return {
    fromA: packFrom(a, classes, MAX_CLASSES),
    fromB: packFrom(b, classes, MAX_CLASSES + 1),
    beforeA: packBefore(a, classes, MAX_CLASSES),
    beforeB: packBefore(b, classes, MAX_CLASSES + 1),
  };
}

/** The number of lines equal from the low end of two words on: what `left ^ right` has, which is not 0. */
export function countEqual(difference: number): number {
  return (31 - Math.clz32(difference & -difference)) >> 2;
}

function packFrom(ids: Int32Array, classes: Map<number, number>, filler: number): Int32Array {
  const packed = new Int32Array(ids.length + 1);
  let word = filledWith(filler);
  packed[ids.length] = word;
  for (let line = ids.length - 1; line >= 0; line--) {
    word = (word << BITS_PER_LINE) | classes.get(ids[line]!)!;
    packed[line] = word;
  }
  return packed;
}

function packBefore(ids: Int32Array, classes: Map<number, number>, filler: number): Int32Array {
  const packed = new Int32Array(ids.length + 1);
  let word = filledWith(filler);
  packed[0] = word;
  for (let line = 0; line < ids.length; line++) {
    word = (word << BITS_PER_LINE) | classes.get(ids[line]!)!;
    packed[line + 1] = word;
  }
  return packed;
}

function filledWith(id: number): number {
  return Math.imul(id, 0x11111111);
}
