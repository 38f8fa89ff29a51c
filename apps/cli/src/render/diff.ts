import { cyan, dim, green, red } from '../markup.js';
import { count } from './words.js';

const MAX_LINES = 400;

/** The lines of a unified difference, without its two lines of names. */
export function renderDiff(diff: string): string[] {
  const lines = diff
    .replace(/^--- .*\n\+\+\+ .*\n/, '')
    .trimEnd()
    .split('\n');
  if (diff === '') return [];
  const shown = lines.slice(0, MAX_LINES).map(paintLine);
  const rest = lines.length - shown.length;
  return rest > 0 ? [...shown, dim(`… ${count(rest, 'more line')}`)] : shown;
}

function paintLine(line: string): string {
  switch (line[0]) {
    case '+':
      return green(line);
    case '-':
      return red(line);
    case '@':
      return cyan(line);
    case '\\':
      return dim(line);
    default:
      return line;
  }
}
