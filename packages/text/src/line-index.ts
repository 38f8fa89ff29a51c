import type { Position, Range, Span } from './place.js';

/** Turns offsets of one text into lines and columns, and back. */
export interface LineIndex {
  /** The place of an offset; one beyond the text counts as its end. */
  positionAt(offset: number): Position;
  /** The range from one offset up to another. */
  rangeAt(start: number, end: number): Range;
  /** The range of a span. */
  rangeOf(span: Span): Range;
  /** The offset of a place; a column beyond its line counts as the line's end, a line beyond the text as the text's. */
  offsetAt(position: Position): number;
}

/**
 * The line index of a text whose lines end in LF, CRLF or a lone CR. A byte order mark takes no column. The lines are
 * found at the first question.
 */
export function indexLines(text: string): LineIndex {
  let known: readonly number[] | undefined;
  const mark = text.charCodeAt(0) === 0xfeff ? 1 : 0;

  function positionAt(offset: number): Position {
    const starts = (known ??= findLineStarts(text));
    const place = Math.max(mark, Math.min(offset, text.length));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= place) low = middle;
      else high = middle - 1;
    }
    const start = low === 0 ? mark : starts[low]!;
    return { line: low + 1, column: place - start + 1 };
  }

  function offsetAt({ line, column }: Position): number {
    const starts = (known ??= findLineStarts(text));
    if (line > starts.length) return text.length;
    const start = line <= 1 ? mark : starts[line - 1]!;
    let end = starts[line] ?? text.length;
    if (line < starts.length) {
      end -= text.charCodeAt(end - 1) === 10 && text.charCodeAt(end - 2) === 13 ? 2 : 1;
    }
    return Math.min(start + Math.max(0, column - 1), end);
  }

  function rangeAt(start: number, end: number): Range {
    return { start: positionAt(start), end: positionAt(end) };
  }

  return { positionAt, rangeAt, rangeOf: ({ start, end }) => rangeAt(start, end), offsetAt };
}

function findLineStarts(text: string): number[] {
  const starts = [0];
  if (!text.includes('\r')) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    return starts;
  }
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 10 || (unit === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
}
