import type { Position, Range } from './finding.js';

/** Turns offsets of one text into lines and columns; the lines are found at the first question. */
export interface LineIndex {
  /** The place of an offset; one beyond the text counts as its end. */
  positionAt(offset: number): Position;
  /** The range from one offset up to another. */
  rangeAt(start: number, end: number): Range;
}

/** The line index of a text whose lines end in LF, CRLF or a lone CR, as in CommonMark. */
export function indexLines(text: string): LineIndex {
  let starts: number[] | undefined;

  function positionAt(offset: number): Position {
    starts ??= lineStarts(text);
    const place = Math.max(0, Math.min(offset, text.length));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= place) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: place - starts[low]! + 1 };
  }

  return {
    positionAt,
    rangeAt: (start, end) => ({ start: positionAt(start), end: positionAt(end) }),
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n?|\n/g)) starts.push(match.index + match[0].length);
  return starts;
}
