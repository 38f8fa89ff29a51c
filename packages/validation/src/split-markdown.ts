import type { Span } from '@holdfast/text';

/** A run of lines that can be parsed on its own. */
export interface MarkdownSection extends Span {
  /** `fence`: one fenced code block that stands in no list or quote. `blocks`: anything else. */
  kind: 'blocks' | 'fence';
}

/** Lists are cut between their items once a section is this long, in UTF-16 units. */
const longSection = 1024;

const containerMarker = /^[ \t]*(?:>|[-*+](?:[ \t]|$)|\d{1,9}[.)](?:[ \t]|$))/;
const thematicBreak = /^ {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$/;
const outerItem = /^(?:[-*+]|(\d{1,9})[.)]) {1,4}(?=\S)/;
const atxHeading = /^#{1,6}(?:[ \t]|$)/;
const fenceOpening = /^( {0,3})(`{3,}(?=[^`]*$)|~{3,})/;
const rawHtml =
  /^[ \t>*+\-\d.)]*<(?:(script|pre|style|textarea)(?![\w-])|(!--)|(\?)|(!\[CDATA\[)|(![a-z]))/i;
const rawHtmlEnds = [/<\/(?:script|pre|style|textarea)>/i, /-->/, /\?>/, /\]\]>/, />/];

/** What is known of the section that is being read. */
interface OpenSection {
  start: number;
  /** The column at which the content of the list item at the margin begins, while that item is surely open. */
  item: number | undefined;
  ordered: boolean;
  /** Whether there has been a list or a quote. */
  containers: boolean;
  /** Whether raw HTML may be open that an empty line ends. */
  html: boolean;
}

/**
 * Cuts a Markdown text into sections whose blocks are the same whether they are parsed alone or in the whole: a line
 * at the margin after an empty one, and a heading at the margin, end every list, quote and paragraph (CommonMark 0.31,
 * "Container blocks"), unless they stand in a fence or in raw HTML. Where that cannot be told line by line, nothing is cut.
 */
export function splitMarkdown(text: string, from = 0): MarkdownSection[] {
  const sections: MarkdownSection[] = [];
  if (/\r(?!\n)/.test(text)) return [{ kind: 'blocks', start: from, end: text.length }];
  let section = startSection(from);
  let afterBlank = true;
  let certain = true;
  /** What ends the fence or the raw HTML that is open. */
  let closes: { kind: 'fence' | 'html'; end: RegExp } | undefined;

  function startSection(start: number): OpenSection {
    return { start, item: undefined, ordered: false, containers: false, html: false };
  }

  function cut(end: number, kind: MarkdownSection['kind'] = 'blocks'): void {
    if (end > section.start) sections.push({ kind, start: section.start, end });
    section = startSection(end);
  }

  for (let start = from; start < text.length && certain;) {
    const feed = text.indexOf('\n', start);
    const next = feed < 0 ? text.length : feed + 1;
    const line = text.slice(start, feed < 0 ? next : feed).replace(/\r$/, '');
    if (closes) {
      if (closes.end.test(line)) {
        if (closes.kind === 'fence') cut(next, 'fence');
        closes = undefined;
        afterBlank = false;
      }
    } else if (/^[ \t]*$/.test(line)) {
      afterBlank = true;
      section.html = false;
    } else if (atxHeading.test(line) && !section.html) {
      cut(start);
      cut(next);
      afterBlank = false;
    } else {
      readLine(line, start);
      afterBlank = false;
    }
    start = next;
  }
  cut(text.length, closes?.kind === 'fence' ? 'fence' : 'blocks');
  return sections;

  function readLine(line: string, start: number): void {
    const margin = line[0] !== ' ' && line[0] !== '\t';
    if (margin && (afterBlank || canCutItems(line, start))) cut(start);
    const fence = fenceOpening.exec(line);
    if (fence) return openFence(fence, start);
    const inHtml = section.html;
    const html = rawHtml.exec(line);
    if (html) openHtml(line, html);
    if (/^[ \t>*+\-\d.)]*</.test(line)) section.html = true;
    if (containerMarker.test(line) && !thematicBreak.test(line)) section.containers = true;
    if (inHtml) section.item = undefined;
    else if (margin) openItem(line);
    else if (section.item !== undefined && indentOf(line) < section.item) section.item = undefined;
  }

  /** An ordered item interrupts a paragraph only if it is the first, or follows another. */
  function openItem(line: string): void {
    const item = thematicBreak.test(line) ? null : outerItem.exec(line);
    const ordered = item?.[1] !== undefined;
    const opens = item && (!ordered || afterBlank || Number(item[1]) === 1 || section.ordered);
    section.item = opens ? item[0].length : undefined;
    section.ordered = ordered && section.item !== undefined;
  }

  function canCutItems(line: string, start: number): boolean {
    return start - section.start > longSection && !section.html && /^[-*+] {1,4}[^\s]/.test(line);
  }

  /** A fence in a list item ends with it; one that may be in a list or not makes the rest uncertain. */
  function openFence([, indent, marks]: RegExpExecArray, start: number): void {
    const inItem = section.item !== undefined && indent!.length >= section.item;
    if (section.html || (indent !== '' && section.containers && !inItem)) certain = false;
    else if (indent === '' || !section.containers) {
      cut(start);
      const end = new RegExp(`^ {0,3}${marks![0]}{${marks!.length},}[ \\t]*$`);
      closes = { kind: 'fence', end };
    }
  }

  /** Raw HTML that an empty line does not end; within a list or quote, it ends with that. */
  function openHtml(line: string, [opening, ...kinds]: RegExpExecArray): void {
    const end = rawHtmlEnds[kinds.findIndex((kind) => kind !== undefined)]!;
    if (end.test(line.slice(line.indexOf('<') + 1))) return;
    const atMargin = /^ {0,3}</.test(opening);
    if (section.html || section.containers || !atMargin) certain = false;
    else closes = { kind: 'html', end };
  }
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
