import { rangesOfProperty } from './ranges-of-property.js';

/**
 * Writes Unicode properties of a pattern out as classes of characters, those that the platform knows: RE2 has `\p{L}`
 * and `\p{Greek}`, ECMA-262 also `\p{Letter}`, `\p{Script=Greek}` and `\p{Alphabetic}`.
 *
 * @returns undefined where there is none, or the platform does not know one.
 */
export function writeOutProperties(pattern: string): string | undefined {
  let text = '';
  let isInClass = false;
  let isChanged = false;
  for (const [token] of pattern.matchAll(/\\[pP]\{[^{}]*\}|\\.|./gsu)) {
    if (token.length < 4) {
      if (token === '[') isInClass = true;
      if (token === ']') isInClass = false;
      text += token;
      continue;
    }
    const ranges = rangesOfProperty(token);
    if (ranges === undefined || ranges.length === 0) return undefined;
    const written = ranges.map(([from, to]) => `${hexOf(from)}-${hexOf(to)}`).join('');
    text += isInClass ? written : `[${written}]`;
    isChanged = true;
  }
  return isChanged ? text : undefined;
}

function hexOf(point: number): string {
  return `\\x{${point.toString(16)}}`;
}
