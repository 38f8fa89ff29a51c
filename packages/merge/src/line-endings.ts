import type { LineIndex } from './line-interner.js';

const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;

export const LF = Uint8Array.of(LINE_FEED);
export const CRLF = Uint8Array.of(CARRIAGE_RETURN, LINE_FEED);
const BYTE_ORDER_MARK = Uint8Array.of(0xef, 0xbb, 0xbf);

/** How a text is written down, beside its words. */
export interface Conventions {
  byteOrderMark: boolean;
  /** Whether the last line ends in a line feed; true for an empty text. */
  finalNewline: boolean;
  crlfLines: number;
  lfLines: number;
}

export function readConventions({ bytes, starts, count }: LineIndex): Conventions {
  const finalNewline = count === 0 || bytes[bytes.length - 1] === LINE_FEED;
  const ended = finalNewline ? count : count - 1;
  let crlfLines = 0;
  for (let line = 0; line < ended; line++) {
    const end = starts[line + 1]!;
    if (end - starts[line]! > 1 && bytes[end - 2] === CARRIAGE_RETURN) crlfLines++;
  }
  return {
    byteOrderMark: hasByteOrderMark(bytes),
    finalNewline,
    crlfLines,
    lfLines: ended - crlfLines,
  };
}

/** Whether texts with these conventions can differ in every line without differing in a word. */
export function isSameConventions(left: Conventions, right: Conventions): boolean {
  return (
    left.byteOrderMark === right.byteOrderMark &&
    left.finalNewline === right.finalNewline &&
    left.crlfLines > 0 === right.crlfLines > 0 &&
    left.lfLines > 0 === right.lfLines > 0
  );
}

/** What most lines of the first text that has a line ending end in; a line feed where none has. */
export function pickLineEnding(conventions: readonly Conventions[]): Uint8Array {
  const first = conventions.find(({ crlfLines, lfLines }) => crlfLines + lfLines > 0);
  return first !== undefined && first.crlfLines > first.lfLines ? CRLF : LF;
}

export function withByteOrderMark(bytes: Uint8Array, wanted: boolean): Uint8Array {
  const has = hasByteOrderMark(bytes);
  if (has === wanted) return bytes;
  if (has) return bytes.subarray(BYTE_ORDER_MARK.length);
  const marked = new Uint8Array(BYTE_ORDER_MARK.length + bytes.length);
  marked.set(BYTE_ORDER_MARK);
  marked.set(bytes, BYTE_ORDER_MARK.length);
  return marked;
}

/** The length of what `line` ends in: 2, 1, or 0 for a last line without. */
export function lineEndingLength({ bytes, starts }: LineIndex, line: number): number {
  const start = starts[line]!;
  const end = starts[line + 1]!;
  if (end === start || bytes[end - 1] !== LINE_FEED) return 0;
  return end - start > 1 && bytes[end - 2] === CARRIAGE_RETURN ? 2 : 1;
}

function hasByteOrderMark(bytes: Uint8Array): boolean {
  return BYTE_ORDER_MARK.every((byte, at) => bytes[at] === byte);
}
