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
  const classes: number[] = [];
  const codesA = encode(a, classes);
  const codesB = codesA && encode(b, classes);
  return (
    codesB && {
      fromA: packFrom(codesA, MAX_CLASSES),
      fromB: packFrom(codesB, MAX_CLASSES + 1),
      beforeA: packBefore(codesA, MAX_CLASSES),
      beforeB: packBefore(codesB, MAX_CLASSES + 1),
    }
  );
}

/** The place of each id in `classes`, to which new ones are added; `undefined` when these are too many. */
function encode(ids: Int32Array, classes: number[]): Uint8Array | undefined {
  const codes = new Uint8Array(ids.length);
  for (let line = 0; line < ids.length; line++) {
    let code = classes.indexOf(ids[line]!);
    if (code < 0) {
      if (classes.length === MAX_CLASSES) return undefined;
      code = classes.push(ids[line]!) - 1;
    }
    codes[line] = code;
  }
  return codes;
}

/** The number of lines equal from the low end of two words on: what `left ^ right` has, which is not 0. */
export function countEqual(difference: number): number {
  return (31 - Math.clz32(difference & -difference)) >> 2;
}

function packFrom(codes: Uint8Array, filler: number): Int32Array {
  const packed = new Int32Array(codes.length + 1);
  let word = filledWith(filler);
  packed[codes.length] = word;
  for (let line = codes.length - 1; line >= 0; line--) {
    word = (word << BITS_PER_LINE) | codes[line]!;
    packed[line] = word;
  }
  return packed;
}

function packBefore(codes: Uint8Array, filler: number): Int32Array {
  const packed = new Int32Array(codes.length + 1);
  let word = filledWith(filler);
  packed[0] = word;
  for (let line = 0; line < codes.length; line++) {
    word = (word << BITS_PER_LINE) | codes[line]!;
    packed[line + 1] = word;
  }
  return packed;
}

function filledWith(id: number): number {
  return Math.imul(id, 0x11111111);
}
