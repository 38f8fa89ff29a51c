import { htmlBlockStart, type HtmlBlockEnd } from './html-block.js';
import type { ScannedLink, Span } from './markdown-scan.js';
import { readDefinitions } from './read-definitions.js';

/** Text that inline constructs are looked for in. */
export interface InlineSpan extends Span {
  /** The text from `start` to `end`, quote markers between its lines blanked out. Absent if there are none. */
  masked?: string;
}

/** What the block phase finds. */
export interface BlockScan {
  inlines: InlineSpan[];
  definitions: ScannedLink[];
  codeBlocks: Span[];
  html: Span[];
  /** Whether there is something that this scanner does not read with certainty. */
  doubtful: boolean;
  /** Whether containers are nested more deeply than {@link deepestContainers}: the rest is read as text. */
  tooDeep: boolean;
  /** The sum of the squares of the lengths of all spans of text: what micromark may cost. */
  inlineSquares: number;
}

/** Each line costs as much as there are open containers, so their number has a limit. */
const deepestContainers = 100;

/** A block quote, or a list item whose content is indented by `indent` columns. */
interface Container {
  quote: boolean;
  indent: number;
  /** A list item whose first line is blank: `open` until a second line comes, `shut` if that is blank too. */
  blankStart: 'no' | 'open' | 'shut';
}

type Leaf =
  | { kind: 'none' }
  | {
      kind: 'paragraph';
      start: number;
      end: number;
      lastLine: number;
      lines: number;
      lazy: boolean;
      prefixes: Span[];
    }
  | { kind: 'fence'; start: number; end: number; marker: string; size: number }
  | { kind: 'indented'; start: number; end: number }
  | { kind: 'html'; start: number; end: number; until: HtmlBlockEnd }
  | { kind: 'table' };

const none: Leaf = { kind: 'none' };
const tab = 9;
const space = 32;
const special = /[[\]`<]/g;
/** What a line must begin with to be more than text. */
const blockStart = /[#>`~<*_+\-=0-9|:]/;

const delimiterRow = /^\|?(?:[ \t]*:?-+:?[ \t]*\|)*(?:[ \t]*:?-+:?)?[ \t]*$/;
const longestDelimiterRow = 10_000;

/**
 * The first phase of CommonMark's parsing strategy, as far as links need it: containers (quotes, list
 * items), and in them leaf blocks. One pass, each line once; what a line costs is bounded by its length
 * and the number of open containers.
 *
 * @param text - Without a byte order mark; lines end with `\n` or `\r\n`.
 */
export function scanBlocks(text: string): BlockScan {
  return new BlockScanner(text).run();
}

class BlockScanner {
  readonly #text: string;
  readonly #found: BlockScan = {
    inlines: [],
    definitions: [],
    codeBlocks: [],
    html: [],
    doubtful: false,
    tooDeep: false,
    inlineSquares: 0,
  };
  readonly #containers: Container[] = [];
  #quotes = 0;
  #leaf: Leaf = none;
  #nextSpecial = 0;

  // The line at hand: where it starts and ends, what of it is consumed, and its next non-space.
  #lineStart = 0;
  #lineEnd = 0;
  #position = 0;
  /** The column of `#position`, and the one up to which is consumed, which may lie within a tab. */
  #column = 0;
  #consumed = 0;
  #next = 0;
  #nextColumn = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): BlockScan {
    const text = this.#text;
    for (let start = 0; start < text.length;) {
      const newline = text.indexOf('\n', start);
      const after = newline < 0 ? text.length : newline + 1;
      let end = newline < 0 ? text.length : newline;
      if (end > start && text.charCodeAt(end - 1) === 13) end--;
      this.#readLine(start, end);
      start = after;
    }
    this.#closeLeaf();
    return this.#found;
  }

  #readLine(start: number, end: number): void {
    this.#lineStart = start;
    this.#lineEnd = end;
    this.#position = start;
    this.#column = this.#consumed = 0;
    this.#skipSpace();
    const matched = this.#containers.length === 0 ? 0 : this.#matchContainers();
    if (matched === this.#containers.length && this.#continueLeaf()) return;
    this.#startBlocks(matched);
  }

  /** Finds the next character that is neither space nor tab, and its column. */
  #skipSpace(): void {
    const text = this.#text;
    let at = this.#position;
    let column = this.#column;
    for (; at < this.#lineEnd; at++) {
      const code = text.charCodeAt(at);
      if (code === space) column++;
      else if (code === tab) column += 4 - (column % 4);
      else break;
    }
    this.#next = at;
    this.#nextColumn = column;
  }

  get #indent(): number {
    return this.#nextColumn - this.#consumed;
  }

  get #blank(): boolean {
    return this.#next >= this.#lineEnd;
  }

  /** How many of the open containers the line continues. */
  #matchContainers(): number {
    let matched = 0;
    for (const container of this.#containers) {
      if (container.quote) {
        if (this.#blank || this.#indent > 3 || this.#text[this.#next] !== '>') break;
        this.#consumeMarker(1);
        this.#consumeOptionalSpace();
      } else if (this.#blank) {
        if (container.blankStart === 'open') container.blankStart = 'shut';
      } else {
        if (container.blankStart === 'shut' || this.#indent < container.indent) break;
        container.blankStart = 'no';
        this.#consumed += container.indent;
      }
      matched++;
    }
    return matched;
  }

  #consumeMarker(length: number): void {
    this.#position = this.#next + length;
    this.#column = this.#consumed = this.#nextColumn + length;
    this.#skipSpace();
  }

  /** One column of white space after a marker; it may be a part of a tab. */
  #consumeOptionalSpace(): void {
    if (this.#nextColumn > this.#consumed) this.#consumed++;
  }

  /** Lines of code, HTML and tables, all containers being continued. */
  #continueLeaf(): boolean {
    const leaf = this.#leaf;
    switch (leaf.kind) {
      case 'fence':
        this.#continueFence(leaf);
        return true;
      case 'html':
        if (leaf.until === 'blank' && this.#blank) {
          this.#closeLeaf();
          return true;
        }
        this.#continueHtml(leaf);
        return true;
      case 'indented':
        if (this.#blank) return true;
        if (this.#indent < 4) return false;
        leaf.end = this.#lineEnd;
        return true;
      default:
        return false;
    }
  }

  #continueFence(leaf: Leaf & { kind: 'fence' }): void {
    leaf.end = this.#lineEnd;
    if (this.#indent > 3 || this.#text[this.#next] !== leaf.marker) return;
    let at = this.#next;
    while (this.#text[at] === leaf.marker) at++;
    if (at - this.#next >= leaf.size && isBlank(this.#text, at, this.#lineEnd)) this.#closeLeaf();
  }

  #continueHtml(leaf: Leaf & { kind: 'html' }): void {
    leaf.end = this.#lineEnd;
    if (leaf.until !== 'blank' && leaf.until.test(this.#text.slice(this.#next, this.#lineEnd))) {
      this.#closeLeaf();
    }
  }

  /**
   * Opens containers and a leaf below the containers that the line continues. What is open within the
   * others ends, unless the line is one that a paragraph there takes lazily.
   */
  #startBlocks(matched: number): void {
    const lazy = matched < this.#containers.length;
    // As micromark has it, what holds for the first container that the line opens holds for all.
    const { kind } = this.#leaf;
    const interrupts = kind === 'paragraph' && !lazy;
    let open = matched;
    for (;;) {
      const paragraph = this.#leaf.kind === 'paragraph';
      if (this.#blank) {
        this.#closeContainers(open);
        this.#closeLeaf();
        return;
      }
      if (this.#indent > 3) {
        if (paragraph) break;
        this.#closeContainers(open);
        this.#startIndented();
        return;
      }
      const first = this.#text[this.#next] as string;
      if (first === '[' && this.#text[this.#next + 1] === '^') this.#found.doubtful = true; // a footnote
      if (!blockStart.test(first)) break;
      const container = this.#readContainer(open, interrupts, kind === 'indented');
      if (container === undefined) {
        if (this.#startLeaf(open, interrupts)) return;
        break;
      }
      this.#closeContainers(open);
      this.#closeLeaf();
      this.#containers.push(container);
      if (container.quote) this.#quotes++;
      open = this.#containers.length;
    }
    this.#addText(open);
  }

  #closeContainers(open: number): void {
    if (open >= this.#containers.length) return;
    this.#closeLeaf();
    for (const container of this.#containers.splice(open)) if (container.quote) this.#quotes--;
  }

  /** A container that begins here, its marker consumed. */
  #readContainer(open: number, interrupts: boolean, afterCode: boolean): Container | undefined {
    const text = this.#text;
    const first = text.charCodeAt(this.#next);
    if (open >= deepestContainers) {
      this.#found.tooDeep ||= first === 62 || this.#markerSize(first) > 0;
      return undefined;
    }
    if (first === 62) {
      this.#consumeMarker(1);
      this.#consumeOptionalSpace();
      return { quote: true, indent: 0, blankStart: 'no' };
    }
    const size = this.#markerSize(first);
    if (size === 0) return undefined;
    const after = text.charCodeAt(this.#next + size);
    const atEnd = this.#next + size >= this.#lineEnd;
    if (!atEnd && after !== space && after !== tab) return undefined;
    if ((interrupts || afterCode) && !this.#mayInterrupt(size)) {
      if (interrupts) return undefined;
      this.#found.doubtful = true; // micromark mostly treats code like a paragraph here
    }
    const before = this.#indent;
    this.#consumeMarker(size);
    const blank = this.#blank;
    const gap = this.#indent;
    const width = blank || gap > 4 ? 1 : gap;
    this.#consumed += blank ? 0 : width;
    return { quote: false, indent: before + size + width, blankStart: blank ? 'open' : 'no' };
  }

  /** Whether a list item with a marker of this size ends a paragraph: not if it is empty, or begins a count elsewhere than at 1. */
  #mayInterrupt(size: number): boolean {
    if (isBlank(this.#text, this.#next + size, this.#lineEnd)) return false;
    return size === 1 || this.#text.slice(this.#next, this.#next + size - 1) === '1';
  }

  /** The length of a list marker, or 0. A thematic break is none. */
  #markerSize(first: number): number {
    const text = this.#text;
    if (first === 45 || first === 42 || first === 43) {
      if (first !== 43 && isThematicBreak(text, this.#next, this.#lineEnd)) return 0;
      return 1;
    }
    let at = this.#next;
    while (at - this.#next < 10 && isDigit(text.charCodeAt(at))) at++;
    const digits = at - this.#next;
    if (digits === 0 || digits > 9) return 0;
    const code = text.charCodeAt(at);
    return code === 46 || code === 41 ? digits + 1 : 0;
  }

  /** Headings, breaks, fences, HTML and tables. Returns whether the line is done with. */
  #startLeaf(open: number, interrupts: boolean): boolean {
    const text = this.#text;
    const { marker, size } = countRun(text, this.#next, this.#lineEnd);
    const start = this.#contentStart();
    switch (marker) {
      case '#': {
        const after = text.charCodeAt(this.#next + size);
        if (size > 6 || (this.#next + size < this.#lineEnd && after !== space && after !== tab))
          return false;
        this.#closeContainers(open);
        this.#closeLeaf();
        this.#addInline({ start: this.#next + size, end: this.#lineEnd });
        return true;
      }
      case '`':
      case '~': {
        if (size < 3) return false;
        if (marker === '`' && text.slice(this.#next + size, this.#lineEnd).includes('`'))
          return false;
        this.#closeContainers(open);
        this.#closeLeaf();
        this.#leaf = { kind: 'fence', start: this.#next, end: this.#lineEnd, marker, size };
        return true;
      }
      case '<': {
        const until = htmlBlockStart(
          text.slice(this.#next, this.#lineEnd),
          this.#leaf.kind === 'paragraph',
        );
        if (until === undefined) return false;
        this.#closeContainers(open);
        this.#closeLeaf();
        this.#leaf = { kind: 'html', start, end: this.#lineEnd, until };
        this.#continueHtml(this.#leaf);
        return true;
      }
      default:
        return this.#startLineBlock(open, interrupts, marker, size);
    }
  }

  /** Blocks that are told by their whole line: setext underlines, delimiter rows, thematic breaks. */
  #startLineBlock(open: number, interrupts: boolean, marker: string, size: number): boolean {
    const text = this.#text;
    const leaf = this.#leaf;
    if (interrupts && leaf.kind === 'paragraph') {
      if ((marker === '=' || marker === '-') && isBlank(text, this.#next + size, this.#lineEnd)) {
        if (this.#mayDefine(leaf.start)) this.#found.doubtful = true;
        this.#closeLeaf();
        return true;
      }
      if (this.#startTable(leaf)) return true;
    } else if (leaf.kind === 'paragraph' && marker !== '=' && this.#delimiterCells() > 0) {
      this.#found.doubtful = true; // a table outside of the container, or a lazy line in it
    }
    if (!isThematicBreak(text, this.#next, this.#lineEnd)) return false;
    this.#closeContainers(open);
    this.#closeLeaf();
    return true;
  }

  /** A delimiter row below a paragraph's last line, which then is a header row. */
  #startTable(leaf: Leaf & { kind: 'paragraph' }): boolean {
    const columns = this.#delimiterCells();
    if (columns === 0) return false;
    const cells = splitRow(this.#text, { start: leaf.lastLine, end: leaf.end });
    if (cells.length !== columns) return false;
    if (leaf.lazy || this.#mayDefine(leaf.start)) this.#found.doubtful = true;
    if (leaf.lines === 1) this.#leaf = none;
    else {
      leaf.end = this.#text.lastIndexOf('\n', leaf.lastLine - 1);
      leaf.prefixes.pop();
      this.#closeLeaf();
    }
    for (const cell of cells) this.#addInline(cell);
    this.#leaf = { kind: 'table' };
    return true;
  }

  /** The number of cells if the line is a delimiter row, or 0. One without a pipe is doubtful. */
  #delimiterCells(): number {
    const row = this.#text.slice(this.#next, this.#lineEnd);
    if (/[^|:\- \t]/.test(row) || !row.includes('-')) return 0;
    if (row.length > longestDelimiterRow || (row.includes(':') && !row.includes('|'))) {
      this.#found.doubtful = true;
      return 0;
    }
    if (!row.includes('|') || !delimiterRow.test(row)) return 0;
    return splitRow(this.#text, { start: this.#next, end: this.#lineEnd }).length;
  }

  #startIndented(): void {
    this.#closeLeaf();
    this.#leaf = { kind: 'indented', start: this.#contentStart(), end: this.#lineEnd };
  }

  /** Where the line's content begins, its own indentation included. */
  #contentStart(): number {
    let at = this.#position;
    for (let column = this.#column; column < this.#consumed && at < this.#next; at++) {
      column += this.#text.charCodeAt(at) === tab ? 4 - (column % 4) : 1;
    }
    return at;
  }

  /** A line of text: of the open paragraph or table, or of a new paragraph. */
  #addText(open: number): void {
    const leaf = this.#leaf;
    const lazy = open < this.#containers.length;
    if (leaf.kind === 'paragraph') {
      leaf.lazy ||= lazy;
      if (this.#quotes > 0) leaf.prefixes.push({ start: this.#lineStart, end: this.#next });
      leaf.end = this.#lineEnd;
      leaf.lastLine = this.#next;
      leaf.lines++;
      return;
    }
    if (leaf.kind === 'table' && !lazy) {
      if (this.#indent > 3) this.#found.doubtful = true;
      this.#addRow({ start: this.#next, end: this.#lineEnd });
      return;
    }
    this.#closeContainers(open);
    this.#closeLeaf();
    const start = this.#next;
    const end = this.#lineEnd;
    this.#leaf = {
      kind: 'paragraph',
      start,
      end,
      lastLine: start,
      lines: 1,
      lazy: false,
      prefixes: [],
    };
  }

  #addRow(row: Span): void {
    if (!this.#hasSpecial(row.start, row.end)) return;
    for (const cell of splitRow(this.#text, row)) this.#addInline(cell);
  }

  #closeLeaf(): void {
    const leaf = this.#leaf;
    this.#leaf = none;
    switch (leaf.kind) {
      case 'paragraph':
        this.#closeParagraph(leaf);
        break;
      case 'fence':
      case 'indented':
        this.#found.codeBlocks.push({ start: leaf.start, end: leaf.end });
        break;
      case 'html':
        this.#found.html.push({ start: leaf.start, end: leaf.end });
        break;
      case 'table':
      case 'none':
        break;
    }
  }

  #closeParagraph({ start, end, lazy, prefixes }: Leaf & { kind: 'paragraph' }): void {
    if (!this.#hasSpecial(start, end)) return;
    const masked = this.#mask(start, end, prefixes);
    const span: InlineSpan = { start, end, ...(masked === undefined ? {} : { masked }) };
    if (this.#mayDefine(start)) {
      const {
        definitions,
        end: after,
        doubtful,
      } = readDefinitions(masked ?? this.#text.slice(start, end), start);
      this.#found.doubtful ||= doubtful || (lazy && definitions.length > 0);
      for (const definition of definitions) this.#found.definitions.push(definition);
      span.start = after;
      if (masked !== undefined) span.masked = masked.slice(after - start);
    }
    this.#addInline(span);
  }

  #mayDefine(start: number): boolean {
    return this.#text.charCodeAt(start) === 91;
  }

  #mask(start: number, end: number, prefixes: readonly Span[]): string | undefined {
    if (!prefixes.some((span) => this.#text.slice(span.start, span.end).includes('>')))
      return undefined;
    let masked = '';
    let position = start;
    for (const prefix of prefixes) {
      masked += this.#text.slice(position, prefix.start) + ' '.repeat(prefix.end - prefix.start);
      position = prefix.end;
    }
    return masked + this.#text.slice(position, end);
  }

  #addInline(span: InlineSpan): void {
    if (span.start >= span.end || !this.#hasSpecial(span.start, span.end)) return;
    this.#found.inlines.push(span);
    this.#found.inlineSquares += (span.end - span.start) ** 2;
  }

  /** Searches forward only, so that all calls together read the text once. */
  #hasSpecial(start: number, end: number): boolean {
    if (this.#nextSpecial < start) {
      special.lastIndex = start;
      this.#nextSpecial = special.exec(this.#text)?.index ?? Infinity;
    }
    return this.#nextSpecial < end;
  }
}

function isBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code !== space && code !== tab) return false;
  }
  return true;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function countRun(text: string, start: number, end: number): { marker: string; size: number } {
  const marker = text[start] as string;
  let at = start + 1;
  while (at < end && text[at] === marker) at++;
  return { marker, size: at - start };
}

/** Three or more of one of `*`, `-`, `_`, and nothing else but white space. */
function isThematicBreak(text: string, start: number, end: number): boolean {
  const marker = text.charCodeAt(start);
  if (marker !== 42 && marker !== 45 && marker !== 95) return false;
  let count = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === marker) count++;
    else if (code !== space && code !== tab) return false;
  }
  return count >= 3;
}

/** A table row's cells: between pipes that no backslash escapes, the outer ones left out. */
function splitRow(text: string, { start, end }: Span): Span[] {
  const cells: Span[] = [];
  let from = text[start] === '|' ? start + 1 : start;
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 92 && (text[at + 1] === '\\' || text[at + 1] === '|')) at++;
    else if (code === 124) {
      cells.push({ start: from, end: at });
      from = at + 1;
    }
  }
  if (!isBlank(text, from, end)) cells.push({ start: from, end });
  return cells;
}
