import type { Span } from './markdown-scan.js';

/** YAML between two `---` lines at the start of a file. */
export interface FrontMatter extends Span {
  /** The YAML, without the two lines. */
  content: Span;
}

const firstLine = /^---[ \t]*(\r\n|\n|\r)/;
const lastLine = /(?:^|[\r\n])---[ \t]*(?:\r\n|\n|\r|$)/g;
const meaningfulLine = /^(?![ \t]*(?:#|\r|\n|$)).*$/m;
const keyLine = /^(?:"[^"]*"|'[^']*'|[^\s\-"'#>|*`[{!:][^:]*):(?:\s|$)/;

/**
 * Finds the front matter of a text. A text that merely begins with a thematic break has none: the
 * first line that says something must look like `key:`.
 */
export function findFrontMatter(text: string): FrontMatter | undefined {
  const bom = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (!text.startsWith('---', bom)) return undefined;
  const opening = firstLine.exec(text.slice(bom, bom + 256));
  if (opening === null) return undefined;
  const start = bom + opening[0].length;
  lastLine.lastIndex = start - 1;
  const closing = lastLine.exec(text);
  if (closing === null) return undefined;
  const end = Math.max(start, closing.index + (closing[0].startsWith('-') ? 0 : 1));
  const content = text.slice(start, end);
  const meaningful = meaningfulLine.exec(content)?.[0];
  if (meaningful !== undefined && !keyLine.test(meaningful)) return undefined;
  return { start: bom, end: lastLine.lastIndex, content: { start, end } };
}
