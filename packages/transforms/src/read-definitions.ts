import { normalizeIdentifier } from 'micromark-util-normalize-identifier';
import type { ScannedLink } from './markdown-scan.js';

/** The definitions that a paragraph begins with. */
export interface DefinitionsRead {
  definitions: ScannedLink[];
  /** Where they end: an offset in the whole text. */
  end: number;
  /** Whether one may be there that this reader does not read: over several lines, or oddly written. */
  doubtful: boolean;
}

const labelPattern = /[ \t]*\[((?:[^[\]\\\r\n]|\\[^\r\n])*)\](:?)/y;
const restPattern =
  /[ \t]*(?:<((?:[^<>\\\r\n]|\\[^\r\n])*)>|([^\s<][^\s]*))(?:[ \t]+("(?:[^"\\\r\n]|\\[^\r\n])*"|'(?:[^'\\\r\n]|\\[^\r\n])*'|\((?:[^()\\\r\n]|\\[^\r\n])*\)))?[ \t]*(?=[\r\n]|$)/y;
const lineEnd = /\r\n|\n|\r|$/y;
const longestLine = 2000;
const longestLabel = 900;

/**
 * Reads link reference definitions that stand on one line each; all others are doubtful.
 *
 * @param paragraph - Without the first line's indentation.
 * @param offset - Of the paragraph in the whole text.
 */
export function readDefinitions(paragraph: string, offset: number): DefinitionsRead {
  const definitions: ScannedLink[] = [];
  let at = 0;
  const result = (doubtful: boolean) => ({ definitions, end: offset + at, doubtful });
  if (!paragraph.includes(']:')) return result(false);
  for (;;) {
    if (at >= paragraph.length) return result(false);
    const line = lineAt(paragraph, at);
    if (line.length > longestLine) return result(line.includes(']:'));
    labelPattern.lastIndex = at;
    const label = labelPattern.exec(paragraph);
    if (label === null) return result(mayContinue(line, paragraph, at));
    if (label[2] === '') return result(false);
    restPattern.lastIndex = labelPattern.lastIndex;
    const rest = restPattern.exec(paragraph);
    const text = label[1] as string;
    if (rest === null || text.trim() === '' || text.length > longestLabel) return result(true);
    const [, angled, raw = '', title] = rest;
    if (angled === undefined && !isBalanced(raw)) return result(true);
    const end = restPattern.lastIndex;
    lineEnd.lastIndex = end;
    const next = end + (lineEnd.exec(paragraph)?.[0].length ?? 0);
    if (title === undefined && /^[ \t]*["'(]/.test(paragraph.slice(next, next + 100)))
      return result(true);

    const start = at + label[0].indexOf('[');
    const labelStart = start + 1;
    const destination =
      rest.index +
      rest[0].indexOf(angled === undefined ? raw : '<') +
      (angled === undefined ? 0 : 1);
    const length = (angled ?? raw).length;
    definitions.push({
      kind: 'definition',
      start: offset + start,
      end: offset + end,
      text: { start: offset + labelStart, end: offset + labelStart + text.length },
      angled: angled !== undefined,
      label: normalizeIdentifier(text),
      ...(length === 0
        ? {}
        : { destination: { start: offset + destination, end: offset + destination + length } }),
    });
    at = next;
  }
}

function lineAt(text: string, start: number): string {
  const at = text.indexOf('\n', start);
  return text.slice(start, at < 0 ? text.length : at);
}

/** A label that is not closed on its line may be on a later one. */
function mayContinue(line: string, paragraph: string, at: number): boolean {
  if (!line.trimStart().startsWith('[')) return false;
  return paragraph.indexOf(']:', at) >= 0;
}

/** Parentheses in a destination without angle brackets are balanced, and none of it is a control. */
function isBalanced(raw: string): boolean {
  let depth = 0;
  for (let at = 0; at < raw.length; at++) {
    const code = raw.charCodeAt(at);
    if (code < 32 || code === 127) return false;
    if (code === 92) at++;
    else if (code === 40) depth++;
    else if (code === 41 && --depth < 0) return false;
    if (depth > 30) return false;
  }
  return depth === 0;
}
