import type { Edit } from '@holdfast/text';
import type { MarkdownLink } from './find-links.js';

/**
 * Takes a link away and leaves its text; of an image its alternative text; of a definition nothing. In
 * HTML an `<img>` gives way to its `alt`, any other element only loses the attribute.
 */
export function stripLink(text: string, link: MarkdownLink): Edit[] {
  if (link.html !== undefined) return [stripHtml(text, link, link.html)];
  if (link.kind === 'definition') return [stripDefinition(text, link)];
  if (link.text === undefined) return [];
  const { start, end } = link.text;
  const edits = [
    { start: link.start, end: start, text: '' },
    { start: end, end: link.end, text: '' },
  ];
  const escape = findBlockStart(text, link.start, text.slice(start, Math.min(end, start + 20)));
  if (escape !== undefined) edits.push({ start: start + escape, end: start + escape, text: '\\' });
  return edits;
}

function stripHtml(
  text: string,
  link: MarkdownLink,
  { tag, alt, attributeSpan }: NonNullable<MarkdownLink['html']>,
): Edit {
  if (tag !== 'img') return { ...attributeSpan, text: '' };
  const words = alt === undefined ? '' : text.slice(alt.start, alt.end);
  return { start: link.start, end: link.end, text: words };
}

const lineEnding = /[ \t]*(?:\r\n|\n|\r|$)/y;

/** A definition that has its lines to itself takes them along. */
function stripDefinition(text: string, { start, end }: MarkdownLink): Edit {
  let lineStart = start;
  while (start - lineStart < 4 && text[lineStart - 1] === ' ') lineStart--;
  const before = text[lineStart - 1];
  if (before !== undefined && before !== '\n' && before !== '\r') return { start, end, text: '' };
  lineEnding.lastIndex = end;
  return { start: lineStart, end: lineEnding.test(text) ? lineEnding.lastIndex : end, text: '' };
}

const containerPrefix = /(?:^|[\r\n])(?:[ \t>]|[-+*][ \t]|\d{1,9}[.)][ \t])*$/;
const blockStart =
  /^(?:#{1,6}(?:\s|$)|[-+*](?:\s|$)|>|[-=_*]+\s*$|~~~|```|(\d{1,9})[.)](?:\s|$)|\[[^\]]*\]:)/;
const longestPrefix = 200;

/**
 * Where a text that now begins a line needs a backslash, so that it does not begin a heading, a list or
 * a quote. Lines that are indented beyond {@link longestPrefix} are not looked at.
 */
function findBlockStart(text: string, at: number, words: string): number | undefined {
  const prefix = text.slice(Math.max(0, at - longestPrefix), at);
  if (!containerPrefix.test(prefix)) return undefined;
  const match = blockStart.exec(words);
  return match === null ? undefined : (match[1]?.length ?? 0);
}
