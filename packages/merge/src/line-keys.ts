import { LineInterner, type LineIndex } from './line-interner.js';

/**
 * Which lines count as equal. `exact`: the same bytes; `ignore-at-eol`: white space at the end does not
 * count; `ignore-change`: neither does how much of it there is elsewhere; `ignore-all`: none counts.
 */
export type WhitespaceMode = 'exact' | 'ignore-at-eol' | 'ignore-change' | 'ignore-all';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;

export interface LineEquality {
  whitespace: WhitespaceMode;
  /** Whether lines are equal whatever they end in, the last one too. */
  ignoreEndings: boolean;
}

/** Indexes the lines of `texts` together; lines that count as equal get the same id. */
export function indexTexts(
  texts: readonly Uint8Array[],
  equality: LineEquality,
): { classes: number; indexes: LineIndex[] } {
  const interner = new LineInterner();
  const indexes = texts.map((bytes) => {
    const keys = toKeyText(bytes, equality);
    const index = interner.add(keys);
    return keys === bytes ? index : { ...index, bytes, starts: lineStarts(bytes, index.count) };
  });
  return { classes: interner.classes, indexes };
}

function lineStarts(bytes: Uint8Array, count: number): Int32Array {
  const starts = new Int32Array(count + 1);
  for (let line = 1; line < count; line++) {
    starts[line] = bytes.indexOf(LINE_FEED, starts[line - 1]!) + 1;
  }
  starts[count] = bytes.length;
  return starts;
}

/**
 * A text of as many lines as `bytes`, in which lines are equal when they count as equal in `bytes`. */
function toKeyText(bytes: Uint8Array, { whitespace, ignoreEndings }: LineEquality): Uint8Array {
  if (whitespace === 'exact' && !ignoreEndings) return bytes;
  const keys = new Uint8Array(bytes.length + 1);
  let size = 0;
  let lineStart = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === LINE_FEED) {
      size = trimKey(keys, lineStart, size, whitespace);
      keys[size++] = LINE_FEED;
      lineStart = size;
    } else if (whitespace === 'ignore-all' && isWhitespace(byte)) {
      continue;
    } else if (whitespace === 'ignore-change' && isWhitespace(byte)) {
      if (size === lineStart || keys[size - 1] !== SPACE) keys[size++] = SPACE;
    } else {
      keys[size++] = byte;
    }
  }
  if (bytes.length > 0 && bytes[bytes.length - 1] !== LINE_FEED) {
    size = trimKey(keys, lineStart, size, whitespace);
    // A line of ignored white space would vanish without its end.
    keys[size++] = LINE_FEED;
  }
  return keys.subarray(0, size);
}

/** Where the key of a line ends when what need not count at its end is left out. */
function trimKey(keys: Uint8Array, start: number, end: number, whitespace: WhitespaceMode): number {
  let size = end;
  if (whitespace === 'exact') {
    if (size > start && keys[size - 1] === CARRIAGE_RETURN) size--;
  } else {
    while (size > start && isWhitespace(keys[size - 1]!)) size--;
  }
  return size;
}

function isWhitespace(byte: number): boolean {
  return byte === SPACE || (byte >= 0x09 && byte <= 0x0d && byte !== LINE_FEED);
}
