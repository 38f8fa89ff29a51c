import { applyEdits, sortEdits, type Edit, type Span } from '@holdfast/text';
import type { MarkdownLink } from './find-links.js';
import { eventsOf } from './scan-with-micromark.js';

/** How many characters may still be read in search of what changes. */
export interface Budget {
  left: number;
}

/** A link that is taken away, and how. */
export interface Strip {
  readonly link: MarkdownLink;
  readonly edits: readonly Edit[];
}

/**
 * Whether and how a link can be taken away so that what is around it still means what it meant: as it is meant to be, with
 * escapes, or not at all (undefined). `*[bar*](/url)` without its link would be emphasis.
 */
export function holdStructure(
  text: string,
  { link, edits }: Strip,
  budget: Budget,
): readonly Edit[] | undefined {
  if (link.kind === 'definition' || !isDoubtful(text, link)) return edits;
  const block = blockAround(text, link);
  if (!block) return undefined;
  // Each reading of the block counts; where a document holds more doubt than that, its links stay.
  if ((budget.left -= block.end - block.start) < 0) return undefined;
  const before = structureOf(text.slice(block.start, block.end));
  const escapes = escapesIn(text, link, /[*_~`]/g);
  const beside = escapesBefore(text, link);
  for (const more of [
    [],
    escapes,
    [...escapes, ...beside],
    [...escapesIn(text, link, marks), ...beside],
  ]) {
    const tried = sortEdits([...edits, ...withoutRepeats(more, edits)]);
    const within = tried.map((edit) => ({
      ...edit,
      start: edit.start - block.start,
      end: edit.end - block.start,
    }));
    const after = applyEdits(text.slice(block.start, block.end), within);
    if ((budget.left -= after.length) < 0) return undefined;
    if (structureOf(after) === before) return tried;
  }
  return undefined;
}

/** All that may be a mark of Markdown in the text of a link. */
const marks = /[*_~`<>[\]|#+.!-]/g;

/** Only marks in the text, or beside the link, can come to mean something else. */
function isDoubtful(text: string, link: MarkdownLink): boolean {
  const { start, end } = link.text ?? link;
  const beside = /[*_~]/;
  if (beside.test(text[link.start - 1] ?? '') || beside.test(text[link.end] ?? '')) return true;
  if (link.html !== undefined)
    return /(?:^|\n)[ \t>]*(?:[-+*#=]+|\d+[.)])$/.test(
      text.slice(Math.max(0, link.start - 40), link.start),
    );
  return /[*_~`]/.test(text.slice(start, end));
}

/** Longer blocks than this to either side are not read again: what is doubtful in them stays. */
const reach = 20_000;

/** From the empty line before to the one behind: what is between has its structure to itself, mostly. */
function blockAround(text: string, { start, end }: MarkdownLink): Span | undefined {
  const first = Math.max(0, start - reach);
  const before = text.slice(first, start);
  const blank = [...before.matchAll(/\n[ \t]*\r?\n/g)].at(-1);
  if (!blank && first > 0) return undefined;
  const behind = text.slice(end, end + reach);
  const next = behind.search(/\n[ \t]*\r?\n/);
  if (next < 0 && end + reach < text.length) return undefined;
  return {
    start: blank ? first + blank.index + blank[0].length : 0,
    end: next < 0 ? text.length : end + next + 1,
  };
}

/** Backslashes before the marks in the text that stays. */
function escapesIn(text: string, link: MarkdownLink, pattern: RegExp): Edit[] {
  if (link.text === undefined) return [];
  const { start, end } = link.text;
  return [...text.slice(start, end).matchAll(pattern)]
    .map(({ index }) => start + index)
    .filter((at) => text[at - 1] !== '\\')
    .map((at) => ({ start: at, end: at, text: '\\' }));
}

/** A backslash before the mark that stands before the link. */
function escapesBefore(text: string, { start }: MarkdownLink): Edit[] {
  if (!/[*_~+-]/.test(text[start - 1] ?? '')) return [];
  return [{ start: start - 1, end: start - 1, text: '\\' }];
}

function withoutRepeats(more: readonly Edit[], edits: readonly Edit[]): Edit[] {
  const taken = new Set(edits.filter(({ start, end }) => start === end).map(({ start }) => start));
  return more.filter(({ start }) => !taken.has(start));
}

const structural =
  /^(?:emphasis|strong|strikethrough|codeText|codeFenced|codeIndented|listOrdered|listUnordered|listItemIndent|blockQuote|atxHeading|setextHeading|thematicBreak|table|tableRow|gfmFootnote.*|taskListCheck|definition)$/;

/** The structure of a text, as micromark reads it: what is in what; links and HTML aside. */
function structureOf(text: string): string {
  const parts: string[] = [];
  for (const [direction, token] of eventsOf(text)) {
    if (structural.test(token.type))
      parts.push(`${direction === 'enter' ? '<' : '>'}${token.type}`);
  }
  return parts.join(' ');
}
