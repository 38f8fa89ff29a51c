import { formatOf } from './document-reader.js';
import type { Surroundings } from './secret-rule.js';

/** The surroundings of places in one text; what is asked is worked out once. */
export function surroundingsOf(text: string, path: string): (offset: number) => Surroundings {
  const isProse = formatOf(path) === 'markdown' || /\.(?:mdx|rst|adoc|txt|html?)$/i.test(path);
  let fences: readonly number[] | undefined;
  const words = new Map<string, boolean>();

  function inCode(offset: number): boolean {
    if (!isProse) return true;
    fences ??= findFences(text);
    return isWithin(fences, offset) || isInSpan(text, offset);
  }

  function usesWord(word: string): boolean {
    const known = words.get(word);
    if (known !== undefined) return known;
    const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const used = new RegExp(`(?<![\\w./~\\\\-])${escaped}(?![\\w/\\\\])`).test(text);
    words.set(word, used);
    return used;
  }

  return (offset) => ({ path, inCode: () => inCode(offset), usesWord });
}

/** Where fenced and indented code begins and ends, by turns. */
function findFences(text: string): number[] {
  const turns: number[] = [];
  let open: string | undefined;
  for (const { 0: line, 1: marks, index } of text.matchAll(
    /^[ \t>*+\-\d.)]*(`{3,}|~{3,})[^\n]*/gm,
  )) {
    if (open === undefined) {
      turns.push(index);
      open = marks;
    } else if (
      marks!.startsWith(open) &&
      line
        .trim()
        .replaceAll(open[0]!, '')
        .replace(/^[>\s]+/, '') === ''
    ) {
      turns.push(index + line.length);
      open = undefined;
    }
  }
  return turns;
}

function isWithin(turns: readonly number[], offset: number): boolean {
  let low = 0;
  let high = turns.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (turns[middle]! <= offset) low = middle + 1;
    else high = middle;
  }
  return low % 2 === 1;
}

/** How far a line is looked along for what it begins with. */
const reach = 2000;

/** Whether a line is indented as code, or a span of code is open on it. */
function isInSpan(text: string, offset: number): boolean {
  const near = text.slice(Math.max(0, offset - reach), offset);
  const before = near.slice(near.lastIndexOf('\n') + 1);
  if (/^(?: {4}|\t)/.test(before) && !/^\s*(?:[-*+]|\d+[.)])\s/.test(before)) return true;
  if (/<(?:code|pre|kbd|samp)\b[^>]*>(?:(?!<\/).)*$/i.test(before)) return true;
  return (before.match(/`+/g)?.length ?? 0) % 2 === 1;
}
