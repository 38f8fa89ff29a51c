import type { Position, Range } from './finding.js';

/** Turns offsets of one text into lines and columns. */
export interface TextPlaces {
  position(offset: number): Position;
  range(start: number, end: number): Range;
}

/** Indexes the line starts of a text; `\n`, `\r\n` and a lone `\r` end a line. */
export function indexPlaces(text: string): TextPlaces {
  const starts = [0];
  for (const match of text.matchAll(/\r\n?|\n/g)) starts.push(match.index + match[0].length);

  function position(offset: number): Position {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }

  return { position, range: (start, end) => ({ start: position(start), end: position(end) }) };
}
