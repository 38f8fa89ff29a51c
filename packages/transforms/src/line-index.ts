import type { Place, Range } from './finding.js';

/** Turns offsets of one text into lines and columns. */
export interface LineIndex {
  place(offset: number): Place;
  range(start: number, end: number): Range;
}

/** Lines end with `\n`, `\r\n` or a lone `\r`, as in Markdown. A byte order mark takes no column. */
export function createLineIndex(text: string): LineIndex {
  let starts: number[] | undefined;
  const bom = text.charCodeAt(0) === 0xfeff ? 1 : 0;

  function place(offset: number): Place {
    starts ??= lineStarts(text);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    const indent = low === 0 ? bom : 0;
    return { line: low + 1, column: Math.max(0, offset - (starts[low] as number) - indent) + 1 };
  }

  return { place, range: (start, end) => ({ start: place(start), end: place(end) }) };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  if (!text.includes('\r')) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    return starts;
  }
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
}
